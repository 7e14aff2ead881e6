"use server";

import { redirect } from "next/navigation";
import { cancelImport } from "#lib/imports/cancel-import.ts";
import { checkImport } from "#lib/imports/check-import.ts";
import { reopenImport } from "#lib/imports/reopen-import.ts";
import { runImport } from "#lib/imports/run-import.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function checkImportAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await checkImport(ctx, input);
    redirect(localPath(`/members/import/${id}`));
  });
}

export async function runImportAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await runImport(ctx, input);
    redirect(localPath(`/members/import/${id}`));
  });
}

export async function reopenImportAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await reopenImport(ctx, input);
    redirect(localPath(`/members/import/${id}`));
  });
}

export async function cancelImportAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await cancelImport(ctx, input);
    redirect(localPath(`/members/import/${id}`));
  });
}
