"use server";

import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { pendingContext } from "#lib/web/context.ts";
import { setSessionCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { goOnTo } from "#lib/web/go-on.ts";

export async function changePasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await pendingContext("change_password");
  return submit(form, async (input) => {
    const { session } = await changePasswordAsDuty(ctx, input);
    await setSessionCookie(session);
    goOnTo(session, input.next);
  });
}
