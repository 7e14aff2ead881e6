"use server";

import { redirect } from "next/navigation";
import { changeOwnProfile } from "#lib/members/own/change-own-profile.ts";
import { requestEmailChange } from "#lib/members/own/request-email-change.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function changeOwnProfileAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { version } = await changeOwnProfile(ctx, input);
    redirect(localPath(`/account/profile?saved=${version}`));
  });
}

export async function requestEmailChangeAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const result = await requestEmailChange(ctx, input);
    if (result.outcome === "asked") redirect(localPath("/account/profile?asked"));
    const fieldErrors = { currentPassword: [REFUSALS[result.reason]] };
    return { message: "No e-mail has been sent.", fieldErrors, values: withoutSecrets(input) };
  });
}

const REFUSALS = {
  wrong_password: "This is not the password that you have now.",
  locked: "There were too many wrong passwords from here. Reset your password by e-mail: that unlocks it.",
};
