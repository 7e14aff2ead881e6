import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { sayMoment } from "#lib/core/say-moment.ts";
import { describeHold } from "#lib/members/recovery/describe-hold.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { stopAddressAction } from "./actions.ts";

export const metadata = { title: "Stop the new address" };

export default async function AddressHoldPage({ searchParams }: PageProps<"/address-hold">) {
  const ctx = await visitorContext();
  const { stopped } = await searchParams;
  if (stopped !== undefined) return <Stopped firmName={ctx.tenant.name} />;
  const link = await describeHold(ctx, (await readCookie(COOKIES.hold)) ?? "");
  if (link.state !== "live") return <DeadLink firmName={ctx.tenant.name} state={link.state} aim="hold" />;

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Is this address still yours?"
      lead={
        <>
          Two people of {ctx.tenant.name} have entered a new e-mail address for your account. It takes effect
          on <strong>{inWords(link.heldUntil)}</strong>.
        </>
      }
    >
      <ActionForm action={stopAddressAction} label="Stop the new address">
        <p>If that is wrong, stop it. Nothing is changed then, and your firm is told.</p>
        <CodeField digits={4} hint="The 4 digits in the e-mail with the link." />
        <Submit tone="danger" wide>
          Stop the Change
        </Submit>
      </ActionForm>
      <p className="mt-6">
        You asked for it? Then there is nothing to do. <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

function inWords(at: Date): string {
  const date = sayMoment(at, { dateStyle: "long", timeZone: "UTC" });
  return `${date} at ${sayMoment(at, { timeStyle: "short", timeZone: "UTC" })} UTC`;
}

function Stopped({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="The new address is stopped"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>Your account keeps the address that it has. {firmName} sees that it was stopped from there.</p>
        <p>Somebody may have asked for it in your name: if it was not you, tell your firm.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
