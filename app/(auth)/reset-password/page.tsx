import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { NewPasswordFields } from "../new-password-fields.tsx";
import { saveNewPasswordAction } from "./actions.ts";

export const metadata = { title: "Choose a new password" };

export default async function ResetPasswordPage() {
  const ctx = await visitorContext();
  const token = (await readCookie(COOKIES.reset)) ?? "";
  const link = await describeLink(ctx, { purpose: "password_reset", token });
  if (link.state !== "live") return <DeadLink firmName={ctx.tenant.name} state={link.state} />;

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Choose a new password"
      lead={
        <>
          For the account of <strong>{link.maskedAddress}</strong>. Everything that is signed in with the old
          password will be signed out.
        </>
      }
    >
      <ActionForm action={saveNewPasswordAction} label="Choose a new password">
        {link.withCode && <CodeField hint="The 6 digits in the e-mail with the link." />}
        <NewPasswordFields username={link.email} rules={link.rules} words={link.words} />
        <Submit wide>Save New Password</Submit>
      </ActionForm>
    </SignedOutLayout>
  );
}
