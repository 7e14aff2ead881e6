"use server";

import { redirect } from "next/navigation";
import { confirmFirmLink } from "#lib/firms/confirm-firm-link.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function confirmFirmLinkAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const token = (await readCookie(COOKIES.firmLink)) ?? "";
    const result = await confirmFirmLink(ctx, { ...input, token });
    if (result.outcome === "dead") redirect("/firm-link");
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await clearCookie(COOKIES.firmLink);
    redirect("/firm-link?linked");
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect("/firm-link");
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "The accounts have not been linked.",
    fieldErrors: { code: [`These are not the digits of this e-mail. ${left}`] },
  };
}
