"use server";

import { redirect } from "next/navigation";
import { requestFirmLink } from "#lib/firms/request-firm-link.ts";
import { unlinkFirm } from "#lib/firms/unlink-firm.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function requestFirmLinkAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await requestFirmLink(ctx, input);
    return { step: "asked" };
  });
}

export async function unlinkFirmAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await unlinkFirm(ctx, input);
    redirect("/account/firms?unlinked");
  });
}
