"use server";

import { redirect } from "next/navigation";
import { confirmEmailChange } from "#lib/members/own/confirm-email-change.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function confirmEmailAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const token = (await readCookie(COOKIES.emailChange)) ?? "";
    const result = await confirmEmailChange(ctx, { ...input, token });
    if (result.outcome === "dead") redirect(localPath("/confirm-email"));
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await clearCookie(COOKIES.emailChange);
    redirect(localPath("/confirm-email?confirmed"));
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect(localPath("/confirm-email"));
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "The address has not been changed.",
    fieldErrors: { code: [`These are not the digits of this e-mail. ${left}`] },
  };
}
