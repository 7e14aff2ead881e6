"use server";

import { redirect } from "next/navigation";
import { proveSecondFactor } from "#lib/auth/mfa/prove-second-factor.ts";
import { provePasskey } from "#lib/auth/passkey/prove-passkey.ts";
import { pendingContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, setSessionCookie } from "#lib/web/cookies.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { goOnTo } from "#lib/web/go-on.ts";

/** One sentence for all that a code can lack. */
const REFUSED = "This code is not right, or has been used. Try the next one.";

const NO_PASSKEY =
  "This passkey was not accepted, and you are not signed in yet. Try again, or go on another way.";

/** A code, or the answer of a passkey where there is one. */
export async function proveSecondFactorAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await pendingContext("second_factor");
  return submit(form, async (input) => {
    const result = input.passkey ? await provePasskey(ctx, input) : await proveSecondFactor(ctx, input);
    if (result.outcome === "refused") {
      if (result.reason === "locked") await endSignIn();
      const values = withoutSecrets(input);
      if (input.passkey) return { message: NO_PASSKEY, values };
      return { message: "You are not signed in yet.", fieldErrors: { code: [REFUSED] }, values };
    }
    await setSessionCookie(result.session);
    goOnTo(result.session, input.next);
  });
}

async function endSignIn(): Promise<never> {
  await clearCookie(COOKIES.pending);
  redirect("/sign-in?done=too-many-codes");
}
