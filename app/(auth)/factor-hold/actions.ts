"use server";

import { redirect } from "next/navigation";
import { cancelFactorReset } from "#lib/auth/lost-device/cancel-factor-reset.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function keepFactorsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const token = (await readCookie(COOKIES.factorHold)) ?? "";
    const result = await cancelFactorReset(ctx, { ...input, token });
    if (result.outcome === "dead") redirect("/factor-hold");
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await clearCookie(COOKIES.factorHold);
    redirect("/factor-hold?kept");
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect("/factor-hold");
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "It has not been stopped.",
    fieldErrors: { code: [`These are not the digits of this e-mail. ${left}`] },
  };
}
