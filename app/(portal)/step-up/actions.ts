"use server";

import { redirect } from "next/navigation";
import { describeStepUp } from "#lib/auth/step-up/describe-step-up.ts";
import { needsStepUp } from "#lib/core/errors.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

/** The proof itself is taken from the form by `submit()`, as in the middle of any other form. */
export async function confirmAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { wanted } = await describeStepUp(ctx);
    if (wanted) throw needsStepUp(wanted);
    redirect(`/step-up?next=${encodeURIComponent(localPath(input.next))}`);
  });
}
