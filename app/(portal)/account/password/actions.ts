"use server";

import { changeOwnPassword } from "#lib/auth/password/change-own-password.ts";
import { requireContext } from "#lib/web/context.ts";
import { setSessionCookie } from "#lib/web/cookies.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function changeOwnPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const result = await changeOwnPassword(ctx, input);
    if (result.outcome === "refused") {
      const fieldErrors = { currentPassword: [REFUSALS[result.reason]] };
      return { message: "Your password has not been changed.", fieldErrors, values: withoutSecrets(input) };
    }
    await setSessionCookie(result.session);
    return { step: "changed", facts: { others: OTHERS[result.otherSessions] } };
  });
}

const REFUSALS = {
  wrong_password: "This is not the password that you have now.",
  locked: "There were too many wrong passwords from here. Reset your password by e-mail: that unlocks it.",
};

const OTHERS = {
  sign_out: "Everything else that was signed in with the old one is signed out.",
  keep: "Your other browsers and devices stay signed in.",
};
