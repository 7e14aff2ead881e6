"use server";

import { redirect } from "next/navigation";
import { describeRecovery } from "#lib/auth/reset/describe-recovery.ts";
import { RecoveryInput } from "#lib/auth/reset/input.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { parse } from "#lib/core/parse.ts";
import { visitorContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function recoverAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") redirect("/sign-in");
    if (input.intent === "send") {
      await requestReset(ctx, input);
      redirect("/forgot-password?sent");
    }
    const { identifier } = parse(RecoveryInput, input);
    const { maskedAddress } = await describeRecovery(ctx, identifier);
    return { step: "confirm", values: { identifier }, facts: { address: maskedAddress } };
  });
}
