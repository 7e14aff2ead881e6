import type { ReactNode } from "react";
import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { visitorContext } from "#lib/web/context.ts";
import { IdentifierField } from "../identifier-field.tsx";
import { OtherWays } from "../other-ways.tsx";
import { supportLine } from "../support-line.tsx";
import { requestHelpAction } from "./actions.ts";

export const metadata = { title: "Ask your firm" };

export default async function NoMailboxPage({ searchParams }: PageProps<"/no-mailbox">) {
  const ctx = await visitorContext();
  const { tenant } = ctx;
  const support = await supportLine(ctx);
  const { sent } = await searchParams;
  if (sent !== undefined) return <Sent firmName={tenant.name} support={support} />;

  return (
    <SignedOutLayout
      firmName={tenant.name}
      title="You cannot read that mailbox any more?"
      footer={support}
      lead={`Then ${tenant.name} can give your account another e-mail address. Somebody there will want to be sure that it is you.`}
    >
      <ActionForm action={requestHelpAction} label="Ask your firm">
        <IdentifierField hint="As well as you remember. Your own name does too." />
        <Field
          name="reachableAt"
          label="How can your firm reach you?"
          hint="A telephone number, or an e-mail address that you can read. No passwords."
          required
          maxLength={200}
          autoComplete="off"
        />
        <Submit wide>Ask Your Firm</Submit>
      </ActionForm>
      <OtherWays />
    </SignedOutLayout>
  );
}

function Sent({ firmName, support }: { firmName: string; support: ReactNode }) {
  return (
    <SignedOutLayout firmName={firmName} bare footer={support}>
      <DialogCard
        title="Success"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>{firmName} has got your request, and somebody there will look at it.</p>
        <p>
          A new address takes a day after two people have agreed to it. It is quicker when you can still read
          the old mailbox.
        </p>
      </DialogCard>
    </SignedOutLayout>
  );
}
