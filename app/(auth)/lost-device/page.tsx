import { ActionForm } from "#components/form/action-form.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { describeLossLink } from "#lib/auth/lost-device/describe-loss-link.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { confirmLossAction } from "./actions.ts";

export const metadata = { title: "Confirm that your device is lost" };

export default async function LostDevicePage({ searchParams }: PageProps<"/lost-device">) {
  const ctx = await visitorContext();
  const { held } = await searchParams;
  if (held !== undefined) return <Held firmName={ctx.tenant.name} />;
  const link = await describeLossLink(ctx, (await readCookie(COOKIES.lostDevice)) ?? "");
  if (link.state !== "live") {
    return <DeadLink firmName={ctx.tenant.name} state={link.state} aim="lost_device" />;
  }

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Have you lost your device?"
      lead={
        <>
          For the account of <strong>{link.maskedAddress}</strong>. A day from now all its second factors are
          taken away, and it is signed out everywhere.
        </>
      }
    >
      <ActionForm action={confirmLossAction} label="Confirm that your device is lost">
        <CodeField hint="The 6 digits in the e-mail with the link." />
        <Submit wide>Confirm</Submit>
      </ActionForm>
      <p className="mt-6">
        You have it still? Then close this page. <a href="/sign-in">Back to sign in</a>
      </p>
    </SignedOutLayout>
  );
}

function Held({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="It takes a day"
        tone="success"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Got it
          </FormButton>
        }
      >
        <p>
          24 hours from now your second factors are taken away. Sign in with your password then; where{" "}
          {firmName} asks for a second factor, you set up a new one.
        </p>
        <p>An e-mail tells you how to stop it. Signing in with your device stops it too.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
