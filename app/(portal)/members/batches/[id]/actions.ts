"use server";

import { redirect } from "next/navigation";
import { cancelBatch } from "#lib/members/credentials/cancel-batch.ts";
import { confirmBatch } from "#lib/members/credentials/confirm-batch.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function confirmBatchAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await confirmBatch(ctx, input);
    redirect(localPath(`/members/batches/${id}`));
  });
}

export async function cancelBatchAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await cancelBatch(ctx, input);
    redirect(localPath(`/members/batches/${id}`));
  });
}
