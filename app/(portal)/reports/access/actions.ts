"use server";

import { refresh } from "next/cache";
import { unfreezeAccount } from "#lib/auth/freeze/unfreeze-account.ts";
import { unlockMember } from "#lib/auth/lock/unlock-member.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function sendInvitationAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await resendCredentials(ctx, input);
    return { step: "sent", message: "The e-mail is on its way." };
  });
}

export async function unlockAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await unlockMember(ctx, input);
    // The row and the numbers say that it is locked, too.
    refresh();
    return { step: "saved", message: "The account is unlocked." };
  });
}

export async function openAgainAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { notMailed } = await unfreezeAccount(ctx, input);
    const mail = notMailed
      ? "No e-mail could be sent to its owner."
      : "An e-mail with a way in is on its way to its owner.";
    return { step: "saved", message: `The account is open again. ${mail}` };
  });
}
