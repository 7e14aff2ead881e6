"use server";

import { changeClient } from "#lib/clients/change-client.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function changeClientAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { version } = await changeClient(ctx, input);
    const values = { ...withoutSecrets(input), version: String(version) };
    return { step: "saved", message: "The changes are saved.", values };
  });
}
