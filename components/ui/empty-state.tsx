import type { ReactNode } from "react";

type EmptyStateProps = {
  title: string;
  /** Why it is empty, or what will stand here. */
  children?: ReactNode;
  /** The next step. */
  action?: ReactNode;
  icon?: ReactNode;
};

export function EmptyState({ title, children, action, icon }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-12 text-center">
      {icon && <span className="mb-2 text-ink-muted">{icon}</span>}
      <p className="font-semibold">{title}</p>
      {children && <div className="max-w-prose text-ink-muted text-sm">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
