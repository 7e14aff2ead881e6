"use server";

import { redirect } from "next/navigation";
import { requestHelp } from "#lib/members/recovery/request-help.ts";
import { visitorContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function requestHelpAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    await requestHelp(ctx, input);
    redirect("/no-mailbox?sent");
  });
}
