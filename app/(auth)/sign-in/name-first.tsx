import { Submit } from "#components/form/submit.tsx";
import type { SignInConnection } from "#lib/auth/sso/sign-in-connections.ts";
import { IdentifierField } from "../identifier-field.tsx";

type NameFirstProps = { next: string; connections: SignInConnection[]; usedLast: string | undefined };

/** Who somebody is, before how they prove it; or their single sign-on at once. Plain forms: they lead to other hosts. */
export function NameFirst({ next, connections, usedLast }: NameFirstProps) {
  return (
    <>
      <form method="post" action="/sign-in/continue" className="form" aria-label="Sign in">
        <input type="hidden" name="next" value={next} />
        <IdentifierField withPasskeys />
        <Submit wide>Continue</Submit>
      </form>
      <ul className="mt-3 grid gap-3">
        {connections.map(({ id, name }) => (
          <li key={id}>
            <form method="post" action="/sso/start">
              <input type="hidden" name="connection" value={id} />
              <input type="hidden" name="next" value={next} />
              <Submit wide tone="quiet">
                Sign in with {name}
              </Submit>
            </form>
          </li>
        ))}
      </ul>
      {usedLast === "sso" && <p className="field-hint mt-2">You used single sign-on here last time.</p>}
    </>
  );
}
