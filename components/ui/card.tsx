import type { ReactNode } from "react";

type CardProps = {
  title?: string;
  description?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  /** Below a rule, for what belongs to the whole card. */
  footer?: ReactNode;
  /** Lets a table reach the edges. */
  flush?: boolean;
  children: ReactNode;
};

export function Card({ title, description, actions, footer, flush, children }: CardProps) {
  return (
    <section className="card">
      {(title || actions) && (
        <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 pt-5 sm:px-6">
          <div className="min-w-0">
            {title && <h2 className="text-lg">{title}</h2>}
            {description && <p className="mt-1 max-w-prose text-ink-muted text-sm">{description}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? (title ? "pt-3" : "") : "p-5 sm:p-6"}>{children}</div>
      {footer && <footer className="border-line border-t px-5 py-4 text-sm sm:px-6">{footer}</footer>}
    </section>
  );
}
