import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { visitorContext } from "#lib/web/context.ts";
import { OtherWays } from "../other-ways.tsx";
import { supportLine } from "../support-line.tsx";
import { sendUsernameAction } from "./actions.ts";

export const metadata = { title: "Forgot username" };

export default async function ForgotUsernamePage({ searchParams }: PageProps<"/forgot-username">) {
  const ctx = await visitorContext();
  const { tenant } = ctx;
  const { sent } = await searchParams;
  if (sent !== undefined) return <Sent firmName={tenant.name} />;

  return (
    <SignedOutLayout firmName={tenant.name} title="Forgot your username?" footer={await supportLine(ctx)}>
      <ActionForm action={sendUsernameAction} label="Send your username">
        <p className="text-ink-muted">
          Enter the e-mail address that your firm knows you by. You will get an e-mail with your username.
        </p>
        <Field
          name="email"
          label="E-mail"
          type="email"
          required
          maxLength={254}
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Submit wide>Send Username</Submit>
      </ActionForm>
      <OtherWays forgotten="password" />
    </SignedOutLayout>
  );
}

/** Whoever has forgotten both goes on to the password with the name from the mail (000-03). */
function Sent({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="Success"
        tone="success"
        actions={
          <>
            <FormButton action="/sign-in" tone="primary">
              Got it
            </FormButton>
            <FormButton action="/forgot-password">Forgot password</FormButton>
          </>
        }
      >
        <p>If there is an account with this address, an e-mail with its username is on its way.</p>
        <p>
          Forgotten the password too? Wait for the username, then go on with “Forgot password”. The e-mail
          itself opens nothing.
        </p>
        <p>
          Nothing there? Look into the spam folder, or <a href="/no-mailbox">ask your firm</a>.
        </p>
      </DialogCard>
    </SignedOutLayout>
  );
}
