"use server";

import { setPassword } from "#lib/auth/password/set-password.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function changeSecurityAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { version } = await changeMemberSecurity(ctx, input);
    const values = { ...withoutSecrets(input), version: String(version) };
    return { step: "saved", message: "The changes are saved.", values };
  });
}

export async function setPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await setPassword(ctx, input);
    return {
      step: "saved",
      message: "The password is set. It is good for 48 hours, and has to be changed at the next login.",
    };
  });
}
