import type { ReactNode } from "react";
import { Avatar } from "#components/ui/avatar.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

export type AccountMenuProps = {
  personName: string;
  /** Below the name: the e-mail address or security group. */
  detail?: string;
  firmName: string;
  links?: { href: string; label: string }[];
  /** A ThemeChoice. */
  theme?: ReactNode;
  /** The form that signs out. */
  signOut: ReactNode;
};

/** The avatar in the upper right and what opens below it: a native popover, closed by Escape or a press elsewhere. */
export function AccountMenu({ personName, detail, firmName, links = [], theme, signOut }: AccountMenuProps) {
  return (
    <>
      <button type="button" popoverTarget="account-menu" className="icon-button">
        <Avatar name={personName} />
        <VisuallyHidden>Account: {personName}</VisuallyHidden>
      </button>
      <section id="account-menu" popover="auto" aria-label="Account" className="account-menu">
        <div className="border-line border-b px-4 py-3.5">
          <p className="font-semibold">{personName}</p>
          {detail && <p className="break-words text-ink-muted text-sm">{detail}</p>}
          <p className="text-ink-muted text-sm">{firmName}</p>
        </div>
        {links.length > 0 && (
          <ul className="border-line border-b p-1">
            {links.map(({ href, label }) => (
              <li key={href}>
                <a href={href} className="navigation-link">
                  {label}
                </a>
              </li>
            ))}
          </ul>
        )}
        {theme && <div className="border-line border-b p-4">{theme}</div>}
        <div className="p-4">{signOut}</div>
      </section>
    </>
  );
}
