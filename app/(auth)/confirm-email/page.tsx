import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { describeEmailChange } from "#lib/members/own/describe-email-change.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { confirmEmailAction } from "./actions.ts";

export const metadata = { title: "Confirm your address" };

export default async function ConfirmEmailPage({ searchParams }: PageProps<"/confirm-email">) {
  const ctx = await visitorContext();
  const { confirmed } = await searchParams;
  if (confirmed !== undefined) return <Confirmed firmName={ctx.tenant.name} />;
  const link = await describeEmailChange(ctx, (await readCookie(COOKIES.emailChange)) ?? "");
  if (link.state !== "live") return <DeadLink firmName={ctx.tenant.name} state={link.state} aim="email" />;

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Is this your address?"
      lead={
        <>
          Somebody wants <strong>{link.maskedAddress}</strong> to be the e-mail address of an account with{" "}
          {ctx.tenant.name}.
        </>
      }
    >
      <ActionForm action={confirmEmailAction} label="Confirm the address">
        <p>If that was you, confirm it. The address that the account has now is told.</p>
        <CodeField digits={4} hint="The 4 digits in the e-mail with the link." />
        <Submit wide>Confirm the Address</Submit>
      </ActionForm>
      <p className="mt-6">
        It was not you? Then leave it, and nothing happens. <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

function Confirmed({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="The new address is yours"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>From now on {firmName} writes to it, and you can sign in with it.</p>
        <p>Where you are signed in, you stay so. The address before can undo this for 7 days.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
