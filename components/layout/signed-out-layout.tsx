import type { ReactNode } from "react";
import { FirmMark } from "#components/layout/firm-mark.tsx";

type SignedOutLayoutProps = {
  firmName: string;
  /** In place of the monogram. */
  logo?: ReactNode;
  /** The page's h1. Leave it out where a DialogCard brings its own. */
  title?: string;
  lead?: ReactNode;
  /** For whom to turn to, below the card on every page. */
  footer?: ReactNode;
  /** Draws no card around the children; for a DialogCard. */
  bare?: boolean;
  children: ReactNode;
};

export function SignedOutLayout(props: SignedOutLayoutProps) {
  const { firmName, logo, title, lead, footer, bare, children } = props;
  return (
    <div className="signed-out">
      <main className="signed-out-column">
        <p className="flex items-center gap-3 font-semibold text-lg">
          {logo ?? <FirmMark name={firmName} />}
          <span className="min-w-0">{firmName}</span>
        </p>
        {bare ? (
          children
        ) : (
          <div className="card signed-out-card">
            {title && <h1>{title}</h1>}
            {lead && <div className="mt-2 text-ink-muted">{lead}</div>}
            <div className={title ? "mt-6" : undefined}>{children}</div>
          </div>
        )}
      </main>
      {footer && (
        <footer className="mx-auto max-w-[27rem] text-center text-ink-muted text-xs">{footer}</footer>
      )}
    </div>
  );
}
