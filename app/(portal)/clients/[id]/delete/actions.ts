"use server";

import { redirect } from "next/navigation";
import { deleteClient } from "#lib/clients/delete-client.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function deleteClientAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await deleteClient(ctx, input);
    redirect("/clients?done=deleted");
  });
}
