"use server";

import { redirect } from "next/navigation";
import { visitorContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { requestStamp } from "#lib/web/request.ts";
import { setTheme } from "#lib/web/theme.ts";

export async function chooseThemeAction(form: FormData): Promise<void> {
  await visitorContext();
  await setTheme(form instanceof FormData ? form.get("theme") : undefined);
  redirect(localPath((await requestStamp()).path));
}
