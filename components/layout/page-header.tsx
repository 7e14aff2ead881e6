import type { ReactNode } from "react";

type PageHeaderProps = {
  title: string;
  description?: ReactNode;
  /** The way here, outermost first, without this page. */
  breadcrumbs?: { href: string; label: string }[];
  actions?: ReactNode;
};

export function PageHeader({ title, description, breadcrumbs = [], actions }: PageHeaderProps) {
  return (
    <header className="mb-6 grid gap-2">
      {breadcrumbs.length > 0 && (
        <nav aria-label="Breadcrumb">
          <ol className="flex flex-wrap gap-x-2 text-ink-muted text-sm">
            {breadcrumbs.map(({ href, label }, position) => (
              <li key={href} className="flex gap-x-2">
                {position > 0 && <span aria-hidden="true">/</span>}
                <a href={href}>{label}</a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-2xl">{title}</h1>
          {description && <p className="mt-1.5 max-w-prose text-ink-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  );
}
