"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { stopOwnFactorReset } from "#lib/auth/lost-device/own-hold.ts";
import { declinePasskey } from "#lib/auth/passkey/passkey-offer.ts";
import { DomainError } from "#lib/core/errors.ts";
import { requireContext, visitorContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { requestStamp } from "#lib/web/request.ts";
import { setTheme } from "#lib/web/theme.ts";

export async function chooseThemeAction(form: FormData): Promise<void> {
  await visitorContext();
  await setTheme(form instanceof FormData ? form.get("theme") : undefined);
  redirect(localPath((await requestStamp()).path));
}

export async function declinePasskeyAction(): Promise<void> {
  const ctx = await requireContext();
  await declinePasskey(ctx, undefined);
  // The frame is what shows it, and a browser keeps the frame from page to page.
  revalidatePath("/", "layout");
  redirect(localPath((await requestStamp()).path));
}

export async function stopFactorResetAction(): Promise<void> {
  const ctx = await requireContext();
  await stopOwnFactorReset(ctx, undefined).catch(unlessStoppedAlready);
  revalidatePath("/", "layout");
  redirect("/account/second-factor?done=kept");
}

/** In another window, or by the firm: what its owner wanted is so. */
function unlessStoppedAlready(error: unknown): void {
  if (!(error instanceof DomainError && error.code === "conflict")) throw error;
}
