"use server";

import { sendReset } from "#lib/auth/reset/send-reset.ts";
import { undoReset } from "#lib/auth/reset/undo-reset.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function sendContactResetAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async ({ undo, ...input }) => {
    if (undo) {
      await undoReset(ctx, { emailId: undo });
      return { step: "undone", message: "Taken back: no e-mail goes out." };
    }
    const { undo: held } = await sendReset(ctx, input);
    const message = "The e-mail is on its way.";
    if (!held) return { step: "sent", message };
    return { step: "sent", message, facts: { emailId: held.emailId, seconds: String(held.secondsLeft) } };
  });
}
