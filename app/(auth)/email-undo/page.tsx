import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { describeEmailUndo } from "#lib/members/own/describe-email-change.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { undoEmailAction } from "./actions.ts";

export const metadata = { title: "Undo the new address" };

export default async function EmailUndoPage({ searchParams }: PageProps<"/email-undo">) {
  const ctx = await visitorContext();
  const { undone } = await searchParams;
  if (undone !== undefined) return <Undone firmName={ctx.tenant.name} />;
  const link = await describeEmailUndo(ctx, (await readCookie(COOKIES.emailUndo)) ?? "");
  if (link.state !== "live") {
    return <DeadLink firmName={ctx.tenant.name} state={link.state} aim="email_undo" />;
  }

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Is this address still yours?"
      lead={
        <>
          <strong>{link.maskedAddress}</strong> was the address of your account with {ctx.tenant.name}. Take
          it back, if somebody else has changed it.
        </>
      }
    >
      <ul className="mb-6 grid list-disc gap-2 ps-5">
        <li>It is the account’s address again.</li>
        <li>Everybody who is signed in is signed out, and the password ends.</li>
        <li>An e-mail to it brings you back in.</li>
      </ul>
      <ActionForm action={undoEmailAction} label="Undo the new address">
        <CodeField digits={4} hint="The 4 digits in the e-mail with the link." />
        <Submit tone="danger" wide>
          Undo the Change
        </Submit>
      </ActionForm>
      <p className="mt-6">
        It was you? Then there is nothing to do. <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

function Undone({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="Your address is back"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>Everybody has been signed out, and the password has ended.</p>
        <p>An e-mail that brings you back in is on its way to you.</p>
        <p>If it was somebody else, tell {firmName}: they knew your password.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
