"use server";

import { redirect } from "next/navigation";
import { askForNewPasskey, registerPasskey } from "#lib/auth/passkey/register-passkey.ts";
import { removePasskey } from "#lib/auth/passkey/remove-passkey.ts";
import { renamePasskey } from "#lib/auth/passkey/rename-passkey.ts";
import { requireContext } from "#lib/web/context.ts";
import { setRotatedCookie } from "#lib/web/cookies.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { goOnOnceSaved } from "#lib/web/saved-codes.ts";

export async function askForNewPasskeyAction() {
  const ctx = await requireContext();
  return askForNewPasskey(ctx);
}

/** The first second factor of all comes with recovery codes, which are shown before anything else. */
export async function addPasskeyAction(before: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "go_on") return goOnOnceSaved(before, form);
    const { recoveryCodes, token } = await registerPasskey(ctx, input);
    await setRotatedCookie(token);
    if (!recoveryCodes) redirect("/account/passkeys?done=added");
    return { step: "codes", facts: { codes: recoveryCodes.join(" ") } };
  });
}

export async function renamePasskeyAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await renamePasskey(ctx, input);
    redirect("/account/passkeys?done=renamed");
  });
}

export async function removePasskeyAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    await removePasskey(ctx, input);
    redirect("/account/passkeys?done=removed");
  });
}
