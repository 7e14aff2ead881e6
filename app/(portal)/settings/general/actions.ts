"use server";

import { redirect } from "next/navigation";
import { parse } from "#lib/core/parse.ts";
import { changeFirmSettings } from "#lib/settings/change-firm-settings.ts";
import { getFirmSettings } from "#lib/settings/get-firm-settings.ts";
import { FirmSettingsInput } from "#lib/settings/input.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";
import { overtakenBy } from "./overtaken-by.ts";

export async function changeFirmSettingsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const wanted = parse(FirmSettingsInput, input);
    const saved = await getFirmSettings(ctx);
    if (wanted.version !== saved.version) return overtakenBy(saved, wanted, withoutSecrets(input));
    const { version } = await changeFirmSettings(ctx, input);
    redirect(localPath(`/settings/general?saved=${version}`));
  });
}
