import { ActionForm } from "#components/form/action-form.tsx";
import { Fact } from "#components/form/fact.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { visitorContext } from "#lib/web/context.ts";
import { IdentifierField } from "../identifier-field.tsx";
import { recoverAction } from "./actions.ts";

export const metadata = { title: "Forgot password" };

export default async function ForgotPasswordPage({ searchParams }: PageProps<"/forgot-password">) {
  const { tenant } = await visitorContext();
  const { sent, again } = await searchParams;
  if (sent !== undefined) return <Sent firmName={tenant.name} />;

  return (
    <SignedOutLayout
      firmName={tenant.name}
      title={again === undefined ? "Forgot your password?" : "Ask for a new link"}
    >
      <ActionForm action={recoverAction} label="Reset your password" steps={{ confirm: <Confirm /> }}>
        <p className="text-ink-muted">
          Enter your username or e-mail. You will get an e-mail with a link and a code, good for 15 minutes.
        </p>
        <IdentifierField />
        {again === undefined ? <Submit wide>Continue</Submit> : <Send />}
      </ActionForm>
      <p className="mt-6">
        <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

/** The same for every name: known, unknown, disabled (X2). */
function Confirm() {
  return (
    <>
      <Hidden name="identifier" />
      <p data-focus>
        If there is an account with this name, a link and a code will be sent to{" "}
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

function Sent({ firmName }: { firmName: string }) {
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
        <p>If there is an account with this name, an e-mail with a link and a code is on its way.</p>
        <p>It may take a minute. The link and the code work once, for 15 minutes.</p>
        <p>Nothing there? Look into the spam folder, check the name you entered, or ask your firm.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
