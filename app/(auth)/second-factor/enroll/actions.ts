"use server";

import { redirect } from "next/navigation";
import { beginAuthenticatorAppAsDuty } from "#lib/auth/mfa/begin-authenticator-app.ts";
import { confirmAuthenticatorAppAsDuty } from "#lib/auth/mfa/confirm-authenticator-app.ts";
import { askForNewPasskeyAsDuty, registerPasskeyAsDuty } from "#lib/auth/passkey/register-passkey.ts";
import { pendingContext, visitorContext } from "#lib/web/context.ts";
import { setSessionCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { goOnTo } from "#lib/web/go-on.ts";
import { localPath } from "#lib/web/local-path.ts";
import { goOnOnceSaved } from "#lib/web/saved-codes.ts";

export async function askForNewPasskeyAction() {
  const ctx = await pendingContext("enroll_second_factor");
  return askForNewPasskeyAsDuty(ctx);
}

/**
 * Begins with an app, then confirms it; or takes a passkey. What is set up opens the portal; the recovery codes are shown
 * first.
 */
export async function setUpAppAction(before: FormState, form: FormData): Promise<FormState> {
  await visitorContext();
  if (form.get("intent") === "go_on") return goOnOnceSaved(before, form);
  const ctx = await pendingContext("enroll_second_factor");
  return submit(form, async (input) => {
    if (input.intent === "begin") {
      await beginAuthenticatorAppAsDuty(ctx, undefined);
      redirect(`/second-factor/enroll?next=${encodeURIComponent(localPath(input.next))}`);
    }
    const { session, recoveryCodes } = input.passkey
      ? await registerPasskeyAsDuty(ctx, input)
      : await confirmAuthenticatorAppAsDuty(ctx, input);
    await setSessionCookie(session);
    if (!recoveryCodes) goOnTo(session, input.next);
    return { step: "codes", facts: { codes: recoveryCodes.join(" ") } };
  });
}
