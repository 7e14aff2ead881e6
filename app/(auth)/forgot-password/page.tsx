import { ActionForm } from "#components/form/action-form.tsx";
import { Fact } from "#components/form/fact.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { describeRecoveryProfile } from "#lib/auth/reset/describe-recovery-profile.ts";
import type { RecoveryProfile } from "#lib/policy/security-options.ts";
import { visitorContext } from "#lib/web/context.ts";
import { IdentifierField } from "../identifier-field.tsx";
import { OtherWays } from "../other-ways.tsx";
import { supportLine } from "../support-line.tsx";
import { recoverAction } from "./actions.ts";

export const metadata = { title: "Forgot password" };

export default async function ForgotPasswordPage({ searchParams }: PageProps<"/forgot-password">) {
  const ctx = await visitorContext();
  const { sent, again } = await searchParams;
  const words = WORDS[await describeRecoveryProfile(ctx)];
  if (sent !== undefined) return <Sent firmName={ctx.tenant.name} words={words} />;

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title={again === undefined ? "Forgot your password?" : words.again}
      footer={await supportLine(ctx)}
    >
      <ActionForm
        action={recoverAction}
        label="Reset your password"
        steps={{ confirm: <Confirm words={words} /> }}
      >
        <p className="text-ink-muted">
          Enter your username or e-mail. You will get an e-mail with {words.what}, good for {words.goodFor}.
        </p>
        <IdentifierField />
        {again === undefined ? <Submit wide>Continue</Submit> : <Send />}
      </ActionForm>
      <OtherWays forgotten="username" />
    </SignedOutLayout>
  );
}

type Words = { what: string; goodFor: string; next: string; again: string };

/** What the firm's recovery profile promises. It differs between firms, never between names (B1, X4). */
const WORDS: Record<RecoveryProfile, Words> = {
  link: {
    what: "a link",
    goodFor: "15 minutes",
    next: "The link works once, for 15 minutes.",
    again: "Ask for a new link",
  },
  link_and_code: {
    what: "a link and a code",
    goodFor: "15 minutes",
    next: "The link and the code work once, for 15 minutes.",
    again: "Ask for a new link",
  },
  temporary_password: {
    what: "a temporary password",
    goodFor: "48 hours",
    next: "Sign in with the temporary password within 48 hours. It works once; you then choose your own.",
    again: "Ask for a new temporary password",
  },
};

/** The same for every name: known, unknown, disabled (X2). */
function Confirm({ words }: { words: Words }) {
  return (
    <>
      <Hidden name="identifier" />
      <p data-focus>
        If there is an account with this name, {words.what} will be sent to{" "}
        <strong>
          <Fact name="address" />
        </strong>
        .
      </p>
      <Send />
      <Submit tone="quiet" name="intent" value="cancel" wide>
        Cancel
      </Submit>
    </>
  );
}

function Send() {
  return (
    <Submit tone="warm" name="intent" value="send" wide>
      Send Password Reset
    </Submit>
  );
}

function Sent({ firmName, words }: { firmName: string; words: Words }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="Success"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>If there is an account with this name, an e-mail with {words.what} is on its way.</p>
        <p>It may take a minute. {words.next}</p>
        <p>
          Nothing there? Look into the spam folder, check the name you entered, or{" "}
          <a href="/no-mailbox">ask your firm</a>.
        </p>
      </DialogCard>
    </SignedOutLayout>
  );
}
