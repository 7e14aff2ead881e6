"use server";

import { redirect } from "next/navigation";
import { forgetMemberBrowsers } from "#lib/auth/device/forget-member-browsers.ts";
import { endMemberSession } from "#lib/auth/session/end-member-session.ts";
import { endMemberSessions } from "#lib/auth/session/end-member-sessions.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function endMemberSessionAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await endMemberSession(ctx, input);
    redirect(`/members/${id}/sessions?done=ended`);
  });
}

/** Asks once more before it ends all of them. */
export async function endMemberSessionsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    const { id } = await endMemberSessions(ctx, input);
    redirect(`/members/${id}/sessions?done=all-ended`);
  });
}

export async function forgetMemberBrowsersAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    const { id } = await forgetMemberBrowsers(ctx, input);
    redirect(`/members/${id}/sessions?done=all-forgotten`);
  });
}
