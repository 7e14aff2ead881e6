"use server";

import { redirect } from "next/navigation";
import { unfreezeAccount } from "#lib/auth/freeze/unfreeze-account.ts";
import { approveAddress } from "#lib/members/recovery/approve-address.ts";
import { declineRequest } from "#lib/members/recovery/decline-request.ts";
import { proposeAddress } from "#lib/members/recovery/propose-address.ts";
import { withdrawProposal } from "#lib/members/recovery/withdraw-proposal.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, type Typed } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function proposeAddressAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await proposeAddress(ctx, input);
    backTo(input);
  });
}

export async function approveAddressAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await approveAddress(ctx, input);
    backTo(input);
  });
}

export async function withdrawProposalAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await withdrawProposal(ctx, input);
    backTo(input);
  });
}

export async function declineRequestAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await declineRequest(ctx, input);
    backTo(input);
  });
}

export async function unfreezeAccountAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { notMailed } = await unfreezeAccount(ctx, input);
    backTo(input, `?opened=${notMailed ?? "mailed"}`);
  });
}

function backTo({ requestId }: Typed, search = ""): never {
  redirect(localPath(`/members/requests/${requestId}${search}`));
}
