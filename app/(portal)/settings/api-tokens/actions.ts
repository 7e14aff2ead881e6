"use server";

import { redirect } from "next/navigation";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import { revokeApiToken } from "#lib/auth/api-tokens/revoke-api-token.ts";
import { invalid } from "#lib/core/errors.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";
import { typedWish } from "./typed-wish.ts";

/** Asks once more before it generates. The token is in this one answer, and in no address. */
export async function generateApiTokenAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const values = withoutSecrets(input);
    if (input.intent === "cancel") return { values };
    const wish = typedWish(input);
    if (wish.scopes?.length === 0) throw invalid({ scopes: [NOTHING_CHOSEN] });
    if (input.intent !== "confirmed") return { step: "confirm", values };
    const { token } = await generateApiToken(ctx, wish);
    return { step: "generated", facts: { token } };
  });
}

const NOTHING_CHOSEN = "Choose what the token may do.";

export async function revokeApiTokenAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const values = withoutSecrets(input);
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values };
    await revokeApiToken(ctx, input);
    redirect(localPath(String(input.back)));
  });
}
