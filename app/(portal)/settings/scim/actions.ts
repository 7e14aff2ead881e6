"use server";

import { redirect } from "next/navigation";
import { generateScimToken } from "#lib/scim/tokens/generate-scim-token.ts";
import { revokeScimToken } from "#lib/scim/tokens/revoke-scim-token.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

/** The token is in this one answer, and in no address. */
export async function generateScimTokenAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { token } = await generateScimToken(ctx, input);
    return { step: "generated", facts: { token } };
  });
}

export async function revokeScimTokenAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    await revokeScimToken(ctx, input);
    redirect("/settings/scim");
  });
}
