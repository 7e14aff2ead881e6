"use server";

import { signInWithPasskey } from "#lib/auth/passkey/sign-in-with-passkey.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie, setLastMethod, setSessionCookie } from "#lib/web/cookies.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { goOnTo } from "#lib/web/go-on.ts";

/** One sentence for every refusal: a locked account shows to nobody, and its owner learns the way out (000-19). */
const REFUSED =
  "That name and password do not match an account here: check both, or use “Forgot password”, which also opens a locked account.";

export async function signInAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const result = await signInWithPassword(ctx, input);
    if (result.outcome === "refused") return { message: REFUSED, values: withoutSecrets(input) };

    await setSessionCookie(result.session);
    if (result.outcome === "signed_in") await setLastMethod("password");
    goOnTo(result.session, input.next);
  });
}

/** One sentence for every refusal: whose passkey it is, and what is the matter with it, shows to nobody. */
const PASSKEY_REFUSED =
  "This passkey does not open an account here. Try again, or sign in with your name and password.";

export async function signInWithPasskeyAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const browser = await readCookie(COOKIES.passkey);
    const result = await signInWithPasskey(ctx, { ...input, browser });
    if (result.outcome === "refused") return { message: PASSKEY_REFUSED, values: withoutSecrets(input) };

    await setSessionCookie(result.session);
    if (result.outcome === "signed_in") await setLastMethod("passkey");
    goOnTo(result.session, input.next);
  });
}
