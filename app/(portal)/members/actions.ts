"use server";

import { redirect } from "next/navigation";
import { prepareBatch } from "#lib/members/credentials/prepare-batch.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function prepareBatchAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await prepareBatch(ctx, input);
    redirect(localPath(`/members/batches/${id}`));
  });
}
