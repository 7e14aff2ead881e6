"use server";

import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { extendInvitation } from "#lib/members/invitations/extend-invitation.ts";
import { revokeInvitation } from "#lib/members/invitations/revoke-invitation.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function extendInvitationAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await extendInvitation(ctx, input);
    return { step: "saved", message: "Extended: the same link is good for seven days from now." };
  });
}

export async function revokeInvitationAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await revokeInvitation(ctx, input);
    return { step: "saved", message: "Revoked: the link no longer works." };
  });
}

export async function resendInvitationAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { mailed } = await resendCredentials(ctx, input);
    if (!mailed) return { step: "saved", message: "It was sent a moment ago, and is not sent twice." };
    return { step: "saved", message: "A new e-mail is on its way. The link before it ends." };
  });
}
