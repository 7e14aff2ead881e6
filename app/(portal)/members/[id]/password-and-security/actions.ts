"use server";

import { redirect } from "next/navigation";
import { ResetFactorsInput } from "#lib/auth/lost-device/input.ts";
import { resetFactors } from "#lib/auth/lost-device/reset-factors.ts";
import { stopFactorReset } from "#lib/auth/lost-device/stop-factor-reset.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import { parse } from "#lib/core/parse.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

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

/** Asks once more before it takes them away. */
export async function resetFactorsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const values = withoutSecrets(input);
    if (input.intent === "cancel") return { values };
    const { memberId } = parse(ResetFactorsInput, input);
    if (input.intent !== "confirmed") return { step: "confirm", values };
    await resetFactors(ctx, input);
    redirect(localPath(`/members/${memberId}/password-and-security`));
  });
}

export async function keepFactorsOfAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { memberId } = await stopFactorReset(ctx, input);
    redirect(localPath(`/members/${memberId}/password-and-security`));
  });
}
