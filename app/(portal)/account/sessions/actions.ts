"use server";

import { redirect } from "next/navigation";
import { forgetOwnBrowser } from "#lib/auth/device/forget-own-browser.ts";
import { forgetOwnBrowsers } from "#lib/auth/device/forget-own-browsers.ts";
import { endOneSession } from "#lib/auth/session/end-one-session.ts";
import { endOwnSessions } from "#lib/auth/session/end-own-sessions.ts";
import { requireContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie } from "#lib/web/cookies.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";

export async function endSessionAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { isHere } = await endOneSession(ctx, input);
    if (isHere) await clearCookie(COOKIES.full);
    redirect(isHere ? "/sign-in?done=signed-out" : "/account/sessions?done=ended");
  });
}

/** Asks once more before it ends several. */
export async function endSessionsAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    const { which } = await endOwnSessions(ctx, input);
    if (which === "all") await clearCookie(COOKIES.full);
    redirect(which === "all" ? "/sign-in?done=signed-out-everywhere" : "/account/sessions?done=others-ended");
  });
}

export async function forgetBrowserAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await forgetOwnBrowser(ctx, input);
    redirect("/account/sessions?done=forgotten");
  });
}

export async function forgetBrowsersAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    await forgetOwnBrowsers(ctx, undefined);
    redirect("/account/sessions?done=all-forgotten");
  });
}
