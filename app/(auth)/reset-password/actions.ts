"use server";

import { redirect } from "next/navigation";
import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie, setDeviceCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function saveNewPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const result = await completeReset(ctx, { ...input, token: (await readCookie(COOKIES.reset)) ?? "" });
    if (result.outcome === "dead") redirect("/reset-password");
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await setDeviceCookie(result.device);
    await clearCookie(COOKIES.reset);
    redirect("/sign-in?done=password-reset");
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect("/reset-password");
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "Your password has not been changed.",
    fieldErrors: { code: [`This is not the code of this e-mail. ${left}`] },
  };
}
