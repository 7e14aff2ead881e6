"use server";

import { redirect } from "next/navigation";
import { linkAccount } from "#lib/auth/sso/link-account.ts";
import { requireContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { finishSso } from "#lib/web/finish-sso.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function linkAccountAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const result = await linkAccount(ctx, { token: await readCookie(COOKIES.ssoLink) });
    if (result.outcome === "refused") return { message: REFUSED[result.reason] ?? OVER };
    await clearCookie(COOKIES.ssoLink);
    const { connectionId, session } = result;
    const next = localPath(input.next);
    const outcome = session.outcome === "refused" ? session : { ...session, next };
    redirect(localPath(await finishSso({ ...outcome, connectionId })));
  });
}

const OVER = "This has taken too long. Sign in by your single sign-on again.";

const REFUSED: Record<string, string> = {
  not_proven_since: "You signed in before that. Sign out, then sign in once more.",
  linked_elsewhere: "This account is opened by another identity provider already. Ask your firm.",
  no_group: "Your groups at the identity provider give you no access here. Ask your firm.",
  not_known_here: "The firm does not let accounts be linked at present. Ask your firm.",
};
