"use server";

import { redirect } from "next/navigation";
import { parse } from "#lib/core/parse.ts";
import { changeSecurityOptions } from "#lib/settings/change-security-options.ts";
import { getFirmSettings } from "#lib/settings/get-firm-settings.ts";
import { SecurityOptionsInput } from "#lib/settings/input.ts";
import { listSecurityOptionsVersions } from "#lib/settings/list-security-options-versions.ts";
import { restoreSecurityOptions } from "#lib/settings/restore-security-options.ts";
import { simulateSecurityOptions } from "#lib/settings/simulate-security-options.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";
import { answerBeforeSaving, reviewOf } from "./answers.ts";
import { typedOptions } from "./form-values.ts";

/** One form with three buttons: see what it would do, go back to it, save it. */
export async function changeOptionsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const values = withoutSecrets(input);
    if (input.intent === "back") return { values };
    const versions = await listSecurityOptionsVersions(ctx);
    const { timeZone } = await getFirmSettings(ctx);
    const base = versions.find(({ version }) => String(version) === values.basedOnVersion);
    const wanted = parse(SecurityOptionsInput, typedOptions(input, timeZone, base?.options));
    const answer = answerBeforeSaving({ versions, base, timeZone }, wanted, values);
    if (answer) return answer;
    if (input.intent !== "save") {
      const simulation = await simulateSecurityOptions(ctx, wanted);
      return {
        step: "review",
        values,
        facts: reviewOf({ current: versions[0].options, wanted, timeZone }, simulation),
      };
    }
    const saved = await changeSecurityOptions(ctx, { ...wanted, basedOnVersion: input.basedOnVersion });
    redirect(localPath(`/settings/security-options?saved=${saved.version}`));
  });
}

export async function restoreOptionsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const saved = await restoreSecurityOptions(ctx, input);
    redirect(localPath(`/settings/security-options?saved=${saved.version}`));
  });
}
