"use server";

import { redirect } from "next/navigation";
import { beginAuthenticatorApp } from "#lib/auth/mfa/begin-authenticator-app.ts";
import { confirmAuthenticatorApp } from "#lib/auth/mfa/confirm-authenticator-app.ts";
import { makeNewRecoveryCodes } from "#lib/auth/mfa/make-new-recovery-codes.ts";
import { removeAuthenticatorApp } from "#lib/auth/mfa/remove-authenticator-app.ts";
import { requireContext } from "#lib/web/context.ts";
import { setRotatedCookie } from "#lib/web/cookies.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { goOnOnceSaved } from "#lib/web/saved-codes.ts";

export async function setUpOwnAppAction(before: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "go_on") return goOnOnceSaved(before, form);
    if (input.intent === "begin") {
      await beginAuthenticatorApp(ctx, undefined);
      redirect("/account/second-factor");
    }
    const { recoveryCodes, token } = await confirmAuthenticatorApp(ctx, input);
    await setRotatedCookie(token);
    if (!recoveryCodes) redirect("/account/second-factor?done=app");
    return { step: "codes", facts: { codes: recoveryCodes.join(" ") } };
  });
}

export async function removeOwnAppAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    await removeAuthenticatorApp(ctx, undefined);
    redirect("/account/second-factor?done=removed");
  });
}

export async function makeNewCodesAction(before: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "go_on") return goOnOnceSaved(before, form);
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    const { codes } = await makeNewRecoveryCodes(ctx, undefined);
    return { step: "codes", facts: { codes: codes.join(" ") } };
  });
}
