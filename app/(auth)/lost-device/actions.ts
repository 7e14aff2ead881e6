"use server";

import { redirect } from "next/navigation";
import { confirmFactorReset } from "#lib/auth/lost-device/confirm-factor-reset.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function confirmLossAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const token = (await readCookie(COOKIES.lostDevice)) ?? "";
    const result = await confirmFactorReset(ctx, { ...input, token });
    if (result.outcome === "dead") redirect("/lost-device");
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await clearCookie(COOKIES.lostDevice);
    redirect("/lost-device?held");
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect("/lost-device");
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "Nothing has been changed.",
    fieldErrors: { code: [`This is not the code of this e-mail. ${left}`] },
  };
}
