"use server";

import { sendReset } from "#lib/auth/reset/send-reset.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function sendContactResetAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await sendReset(ctx, input);
    return { step: "sent", message: "The e-mail with the link is on its way." };
  });
}
