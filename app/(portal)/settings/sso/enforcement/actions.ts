"use server";

import { redirect } from "next/navigation";
import { armBreakGlass } from "#lib/auth/sso/break-glass/arm-break-glass.ts";
import { proposeBreakGlass } from "#lib/auth/sso/break-glass/propose-break-glass.ts";
import { stopBreakGlass } from "#lib/auth/sso/break-glass/stop-break-glass.ts";
import { countLosingAccess } from "#lib/auth/sso/enforcement/count-losing-access.ts";
import { describeEnforcement } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { enforceSso } from "#lib/auth/sso/enforcement/enforce-sso.ts";
import { EnforceSsoInput } from "#lib/auth/sso/enforcement/input.ts";
import { liftSso } from "#lib/auth/sso/enforcement/lift-sso.ts";
import { parse } from "#lib/core/parse.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";
import { dayInWords, requiredFromTyped } from "../../factor-requirement.ts";
import { SCOPES } from "./words.ts";

/** Shows how many would lose access, and asks once more; that number is what is confirmed. */
export async function enforceSsoAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const values = withoutSecrets(input);
    if (input.intent === "cancel") return { values };
    const { timeZone } = await describeEnforcement(ctx, {});
    const from = requiredFromTyped({ choice: input.when, day: input.from }, timeZone, "");
    if (input.intent === "confirmed") {
      await enforceSso(ctx, { ...input, from });
      backWith("enforced");
    }
    const wish = parse(EnforceSsoInput, { ...input, from, people: 0 });
    const people = String(await countLosingAccess(ctx, wish));
    const when = wish.from === "" ? "At once" : `From ${dayInWords(wish.from, timeZone)} on`;
    return {
      step: "confirm",
      values: { ...values, people },
      facts: { people, when, whom: SCOPES[wish.scope] },
    };
  });
}

export async function liftSsoAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    await liftSso(ctx, {});
    backWith("lifted");
  });
}

export async function proposeBreakGlassAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await proposeBreakGlass(ctx, input);
    backWith("proposed");
  });
}

export async function armBreakGlassAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await armBreakGlass(ctx, input);
    backWith("armed");
  });
}

export async function stopBreakGlassAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    await stopBreakGlass(ctx, input);
    backWith("ended");
  });
}

function backWith(done: string): never {
  redirect(localPath(`/settings/sso/enforcement?done=${done}`));
}
