"use server";

import { redirect } from "next/navigation";
import { restoreClient } from "#lib/clients/restore-client.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function restoreClientAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await restoreClient(ctx, input);
    redirect(localPath(`/clients/${id}?done=restored`));
  });
}
