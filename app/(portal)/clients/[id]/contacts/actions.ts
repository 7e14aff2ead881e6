"use server";

import { redirect } from "next/navigation";
import { sendReset } from "#lib/auth/reset/send-reset.ts";
import { undoReset } from "#lib/auth/reset/undo-reset.ts";
import { removeContact } from "#lib/clients/remove-contact.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

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

export async function removeContactAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await removeContact(ctx, input);
    redirect(localPath(`/clients/${id}/contacts?done=removed`));
  });
}
