"use server";

import { redirect } from "next/navigation";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { visitorContext } from "#lib/web/context.ts";
import { setSessionCookie } from "#lib/web/cookies.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

const REFUSED = "That name and password do not match an account here. Check both, or use “Forgot password”.";

export async function signInAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const result = await signInWithPassword(ctx, input);
    if (result.outcome === "refused") return { message: REFUSED, values: withoutSecrets(input) };

    await setSessionCookie(result.session);
    const next = localPath(input.next);
    redirect(result.outcome === "duty" ? `/change-password?next=${encodeURIComponent(next)}` : next);
  });
}
