import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { describeFirmLink } from "#lib/firms/describe-firm-link.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { confirmFirmLinkAction } from "./actions.ts";

export const metadata = { title: "Link two accounts" };

export default async function FirmLinkPage({ searchParams }: PageProps<"/firm-link">) {
  const ctx = await visitorContext();
  const { linked } = await searchParams;
  if (linked !== undefined) return <Linked firmName={ctx.tenant.name} />;
  const link = await describeFirmLink(ctx, (await readCookie(COOKIES.firmLink)) ?? "");
  if (link.state !== "live")
    return <DeadLink firmName={ctx.tenant.name} state={link.state} aim="firm_link" />;

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Link your two accounts?"
      lead={
        <>
          Somebody who is signed in at <strong>{link.askingFirm}</strong> as{" "}
          <strong>{link.maskedAddress}</strong> asks for it.
        </>
      }
    >
      <ul className="mb-6 grid list-disc gap-2 ps-5">
        <li>
          The start page of each account then shows the other one: the firm, the username, and whether it can
          be entered.
        </li>
        <li>Nobody is signed in by it. Each firm keeps its own sign-in.</li>
        <li>You can end it in the settings of either account.</li>
      </ul>
      <ActionForm action={confirmFirmLinkAction} label="Link the accounts">
        <CodeField digits={4} hint="The 4 digits in the e-mail with the link." />
        <Submit wide>Link the Accounts</Submit>
      </ActionForm>
      <p className="mt-6">
        You did not ask for it? Then there is nothing to do. <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

function Linked({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="The accounts are linked"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>Both firms are on your start page now, here and there.</p>
        <p>Each of them keeps its own sign-in. You can end the link in your settings.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
