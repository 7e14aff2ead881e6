"use server";

import { redirect } from "next/navigation";
import { addContact } from "#lib/clients/add-contact.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function addContactAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await addContact(ctx, input);
    redirect(localPath(`/clients/${id}/contacts?done=added`));
  });
}
