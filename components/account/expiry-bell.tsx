import { Bell } from "lucide-react";

type ExpiryBellProps = {
  /** "Your password expires in 5 days (27 November 2026)." */
  sentence: string;
  /** The same in a few words, where the header has room for them. */
  short: string;
};

/** Says beside the avatar that the password expires soon, and leads to where it is changed (000-16). It needs no script. */
export function ExpiryBell({ sentence, short }: ExpiryBellProps) {
  return (
    <>
      <button
        type="button"
        popoverTarget="password-expiry"
        aria-label={sentence}
        className="icon-button bell"
      >
        <Bell aria-hidden="true" size={20} />
        <span className="bell-text">{short}</span>
      </button>
      <section id="password-expiry" popover="auto" aria-label="Password" className="account-menu">
        <div className="grid gap-3 p-4 text-sm">
          <p>{sentence}</p>
          <p>
            <a href="/account/password">Change your password now</a>
          </p>
        </div>
      </section>
    </>
  );
}
