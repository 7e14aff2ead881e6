import { redirect } from "next/navigation";
import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { PasswordField } from "#components/form/password-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { listSignInConnections } from "#lib/auth/sso/sign-in-connections.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { localPath } from "#lib/web/local-path.ts";
import { IdentifierField } from "../identifier-field.tsx";
import { supportLine } from "../support-line.tsx";
import { signInAction, signInWithPasskeyAction } from "./actions.ts";
import { NameFirst } from "./name-first.tsx";
import { PasskeySignIn } from "./passkey-sign-in.tsx";

export const metadata = { title: "Sign in" };

/** The start page, which leads on at once where there is one place only. */
const ENTRY = "/?entered";

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const ctx = await visitorContext();
  const { tenant, actor } = ctx;
  const { next, done, name, by } = await searchParams;
  const target = next === undefined ? ENTRY : localPath(next);
  if (actor) redirect(target);
  const usedLast = await readCookie(COOKIES.last);
  const typed = typeof name === "string" ? name.slice(0, 254) : undefined;
  const connections = by === "password" ? [] : await listSignInConnections(ctx);
  // Whoever may be sent elsewhere says first who they are (DEC12).
  const nameFirst = connections.length > 0 && typed === undefined;

  return (
    <SignedOutLayout firmName={tenant.name} title="Sign in" footer={await supportLine(ctx)}>
      <Done what={done} />
      {nameFirst ? (
        <NameFirst next={target} connections={connections} usedLast={usedLast} />
      ) : (
        <ActionForm action={signInAction} label="Sign in">
          <Hidden name="next" value={target} />
          <IdentifierField value={typed} withPasskeys />
          <PasswordField name="password" label="Password" autoComplete="current-password" />
          <Submit wide>Sign in</Submit>
        </ActionForm>
      )}
      <PasskeySignIn action={signInWithPasskeyAction} next={target} usedLast={usedLast === "passkey"} />
      <ul className="mt-6 flex flex-wrap gap-x-6 gap-y-2">
        <li>
          <a href="/forgot-password">Forgot password</a>
        </li>
        <li>
          <a href="/forgot-username">Forgot username</a>
        </li>
      </ul>
    </SignedOutLayout>
  );
}

/** What the step before has done. Words of ours only: nothing from the address is shown. */
function Done({ what }: { what: string | string[] | undefined }) {
  const sentence = typeof what === "string" && Object.hasOwn(SENTENCES, what) ? SENTENCES[what] : undefined;
  return sentence ? (
    <div className="mb-6">
      <Notice tone={TONES[what as string] ?? "success"} role="status">
        {sentence}
      </Notice>
    </div>
  ) : null;
}

const TONES: Record<string, "info" | "warning"> = {
  "too-many-codes": "warning",
  "timed-out": "info",
  "session-over": "info",
};

const SENTENCES: Record<string, string> = {
  "password-reset": "Your password has been changed. Sign in with the new one.",
  invitation: "Your password is set. Sign in with it and the username below, or with your e-mail address.",
  "signed-out": "You are signed out.",
  "signed-out-everywhere": "You are signed out everywhere.",
  "too-many-codes":
    "There were too many wrong codes, and the sign-in has ended. “Forgot password” opens a locked account again.",
  "timed-out":
    "You were signed out, since nothing had been done for a while. Sign in to go on where you were.",
  "session-over": "Your session had lasted as long as your firm allows. Sign in to go on where you were.",
};
