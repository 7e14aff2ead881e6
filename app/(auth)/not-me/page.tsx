import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { describeFreezeLink } from "#lib/auth/freeze/describe-freeze-link.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { freezeAction } from "./actions.ts";

export const metadata = { title: "This wasn’t me" };

export default async function NotMePage({ searchParams }: PageProps<"/not-me">) {
  const ctx = await visitorContext();
  const { frozen } = await searchParams;
  if (frozen !== undefined) return <Frozen firmName={ctx.tenant.name} />;
  const link = await describeFreezeLink(ctx, (await readCookie(COOKIES.freeze)) ?? "");
  if (link.state !== "live") return <DeadLink firmName={ctx.tenant.name} state={link.state} aim="freeze" />;

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="This wasn’t you?"
      lead={
        <>
          Then freeze the account of <strong>{link.maskedAddress}</strong>, now.
        </>
      }
    >
      <ul className="mb-6 grid list-disc gap-2 ps-5">
        <li>Everybody who is signed in is signed out.</li>
        <li>The password, and every link that was mailed, ends. Nobody gets in.</li>
        <li>{ctx.tenant.name} is told, and opens the account for you again.</li>
      </ul>
      <ActionForm action={freezeAction} label="Freeze the account">
        <CodeField digits={4} hint="The 4 digits in the e-mail with the link." />
        <Submit tone="danger" wide>
          Freeze Account
        </Submit>
      </ActionForm>
      <p className="mt-6">
        It was you? Then there is nothing to do. <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

function Frozen({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="The account is frozen"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>Everybody has been signed out, and nobody gets in until {firmName} opens the account again.</p>
        <p>Your firm finds it in its queue. You can call them too, so that it goes quicker.</p>
        <p>If somebody else reads your e-mail, tell your firm, and change the password of your mailbox.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
