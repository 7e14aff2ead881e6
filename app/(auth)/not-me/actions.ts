"use server";

import { redirect } from "next/navigation";
import { freezeAccount } from "#lib/auth/freeze/freeze-account.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function freezeAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const result = await freezeAccount(ctx, { ...input, token: (await readCookie(COOKIES.freeze)) ?? "" });
    if (result.outcome === "dead") redirect("/not-me");
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await clearCookie(COOKIES.freeze);
    redirect("/not-me?frozen");
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect("/not-me");
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "The account has not been frozen.",
    fieldErrors: { code: [`These are not the digits of this e-mail. ${left}`] },
  };
}
