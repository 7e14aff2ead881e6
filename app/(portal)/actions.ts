"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { declinePasskey } from "#lib/auth/passkey/passkey-offer.ts";
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
