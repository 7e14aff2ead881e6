"use server";

import { redirect } from "next/navigation";
import { cancelHeldAddress } from "#lib/members/recovery/cancel-held-address.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function stopAddressAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const result = await cancelHeldAddress(ctx, { ...input, token: (await readCookie(COOKIES.hold)) ?? "" });
    if (result.outcome === "dead") redirect("/address-hold");
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await clearCookie(COOKIES.hold);
    redirect("/address-hold?stopped");
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect("/address-hold");
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "The new address has not been stopped.",
    fieldErrors: { code: [`These are not the digits of this e-mail. ${left}`] },
  };
}
