"use server";

import { redirect } from "next/navigation";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

/** The proof itself is taken from the form by `submit()`, as in the middle of any other form. */
export async function confirmAction(_: FormState, form: FormData): Promise<FormState> {
  await requireContext();
  return submit(form, async (input) => {
    redirect(`/step-up?confirmed&next=${encodeURIComponent(localPath(input.next))}`);
  });
}
