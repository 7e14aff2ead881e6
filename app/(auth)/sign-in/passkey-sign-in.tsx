"use client";

import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { useScripted } from "#components/form/use-scripted.ts";
import { PasskeyButton } from "#components/passkey/passkey-button.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type PasskeySignInProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  next: string;
  /** A passkey was what this browser signed in by last (UX15). */
  usedLast: boolean;
};

/** Another way in, which needs no name (UX11). Without scripts there is none, and no word of it. */
export function PasskeySignIn({ action, next, usedLast }: PasskeySignInProps) {
  if (!useScripted()) return null;
  return (
    <ActionForm action={action} id="passkey" label="Use a passkey" className="mt-3 grid gap-3">
      <Hidden name="next" value={next} />
      <PasskeyButton ask={askForSignIn} autofill wide describedBy={usedLast ? "used-last" : undefined}>
        Use a passkey
      </PasskeyButton>
      {usedLast && (
        <p id="used-last" className="field-hint">
          You used a passkey here last time.
        </p>
      )}
    </ActionForm>
  );
}

async function askForSignIn() {
  const answer = await fetch("/sign-in/passkey");
  if (!answer.ok) throw new Error(`The portal answered ${answer.status}.`);
  return answer.json();
}
