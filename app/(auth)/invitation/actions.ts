"use server";

import { redirect } from "next/navigation";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function acceptInvitationAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const token = (await readCookie(COOKIES.invitation)) ?? "";
    const result = await acceptInvitation(ctx, { ...input, token });
    if (result.outcome === "dead") redirect("/invitation");
    await clearCookie(COOKIES.invitation);
    redirect(`/sign-in?done=invitation&name=${encodeURIComponent(result.username)}`);
  });
}
