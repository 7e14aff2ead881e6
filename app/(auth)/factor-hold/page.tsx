import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { describeFactorHold } from "#lib/auth/lost-device/describe-factor-hold.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { keepFactorsAction } from "./actions.ts";

export const metadata = { title: "Keep your second factors" };

export default async function FactorHoldPage({ searchParams }: PageProps<"/factor-hold">) {
  const ctx = await visitorContext();
  const { kept } = await searchParams;
  if (kept !== undefined) return <Kept firmName={ctx.tenant.name} />;
  const link = await describeFactorHold(ctx, (await readCookie(COOKIES.factorHold)) ?? "");
  if (link.state !== "live") {
    return <DeadLink firmName={ctx.tenant.name} state={link.state} aim="factor_hold" />;
  }

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Do you have your device?"
      lead={
        <>
          It was said to be lost. All second factors of your account with {ctx.tenant.name} are taken away on{" "}
          <strong>
            <Moment at={link.heldUntil} />
          </strong>
          .
        </>
      }
    >
      <ActionForm action={keepFactorsAction} label="Keep your second factors">
        <p>If that is wrong, stop it. Nothing is taken away then, and your firm sees it.</p>
        <CodeField digits={4} hint="The 4 digits in the e-mail with the link." />
        <Submit wide>Keep My Second Factors</Submit>
      </ActionForm>
      <p className="mt-6">
        You have lost it? Then there is nothing to do. <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

function Kept({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="Your second factors stay"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>Nothing has been taken away. {firmName} sees that you have stopped it.</p>
        <p>If it was not you who asked for it, somebody knows your password: change it now.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
