"use server";

import { redirect } from "next/navigation";
import { requestFactorReset } from "#lib/auth/lost-device/request-factor-reset.ts";
import { pendingContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function deviceLostAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await pendingContext("second_factor");
  return submit(form, async () => {
    await requestFactorReset(ctx, undefined);
    redirect("/second-factor/lost");
  });
}
