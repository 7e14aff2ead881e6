import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { PasskeyWay } from "#components/passkey/passkey-way.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type PasskeySignInProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  next: string;
  /** A passkey was what this browser signed in by last (UX15). */
  usedLast: boolean;
};

/** Another way in, which needs no name (UX11). Without scripts there is none, and no word of it. */
export function PasskeySignIn({ action, next, usedLast }: PasskeySignInProps) {
  return (
    <div data-with-passkeys hidden>
      <ActionForm action={action} id="passkey" label="Use a passkey" className="mt-3 grid gap-3">
        <Hidden name="next" value={next} />
        <PasskeyWay askAt="/sign-in/passkey" autofill describedBy={usedLast ? "used-last" : undefined}>
          Use a passkey
        </PasskeyWay>
        {usedLast && (
          <p id="used-last" className="field-hint">
            You used a passkey here last time.
          </p>
        )}
      </ActionForm>
    </div>
  );
}
