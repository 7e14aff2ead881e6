"use server";

import { redirect } from "next/navigation";
import { requestUsername } from "#lib/auth/reset/request-username.ts";
import { visitorContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function sendUsernameAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    await requestUsername(ctx, input);
    redirect("/forgot-username?sent");
  });
}
