"use server";

import { redirect } from "next/navigation";
import { saveDraftBySetupLink } from "#lib/auth/sso/setup/save-draft-by-setup-link.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function saveSetupAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (draft) => {
    const token = (await readCookie(COOKIES.ssoSetup)) ?? "";
    const { outcome } = await saveDraftBySetupLink(ctx, { token, draft });
    redirect(outcome === "saved" ? "/sso/setup?saved" : "/sso/setup");
  });
}
