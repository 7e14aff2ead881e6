"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { unfreezeAccount } from "#lib/auth/freeze/unfreeze-account.ts";
import { unlockMember } from "#lib/auth/lock/unlock-member.ts";
import { unlinkMember } from "#lib/auth/sso/unlink-member.ts";
import { changeMember } from "#lib/members/change-member.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { openAddressRequest } from "#lib/members/recovery/open-address-request.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function resendCredentialsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { mailed } = await resendCredentials(ctx, input);
    refresh();
    if (!mailed) return { step: "sent", message: "It was sent a moment ago, and is not sent twice." };
    return { step: "sent", message: "The e-mail is on its way. What was mailed before no longer works." };
  });
}

export async function unlockMemberAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await unlockMember(ctx, input);
    redirect(localPath(`/members/${id}/profile?done=unlocked`));
  });
}

export async function unfreezeAccountAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id, notMailed } = await unfreezeAccount(ctx, input);
    redirect(localPath(`/members/${id}/profile?done=${notMailed ? "opened-without-mail" : "opened"}`));
  });
}

export async function changeMemberAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id, version } = await changeMember(ctx, input);
    redirect(localPath(`/members/${id}/profile?done=saved&version=${version}`));
  });
}

export async function setAccessAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id, status } = await setAccess(ctx, input);
    redirect(localPath(`/members/${id}/profile?done=${status === "enabled" ? "on" : "off"}`));
  });
}

export async function openAddressRequestAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { requestId } = await openAddressRequest(ctx, input);
    redirect(localPath(`/members/requests/${requestId}`));
  });
}

export async function unlinkMemberAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await unlinkMember(ctx, input);
    redirect(localPath(`/members/${id}/profile?done=unlinked`));
  });
}
