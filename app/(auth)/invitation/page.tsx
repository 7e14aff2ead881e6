import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import { openInvitation } from "#lib/members/invitations/open-invitation.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { DeadLink } from "../dead-link.tsx";
import { NewPasswordFields } from "../new-password-fields.tsx";
import { acceptInvitationAction } from "./actions.ts";
import { WrongAccount } from "./wrong-account.tsx";

export const metadata = { title: "Welcome" };

export default async function InvitationPage() {
  const ctx = await visitorContext();
  const token = (await readCookie(COOKIES.invitation)) ?? "";
  const link = await describeLink(ctx, { purpose: "invitation", token });
  if (link.state !== "live") return <DeadLink firmName={ctx.tenant.name} state={link.state} />;
  await openInvitation(ctx, { token });
  if (ctx.actor && link.forSomebodyElse) {
    const { tenant, actor } = ctx;
    return (
      <WrongAccount firmName={tenant.name} signedInAs={actor.name} invitedAddress={link.maskedAddress} />
    );
  }

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title={`Welcome to ${ctx.tenant.name}`}
      lead={
        <>
          Choose a password for the account of <strong>{link.maskedAddress}</strong>. Nobody but you will know
          it. The username that goes with it is shown next.
        </>
      }
    >
      <ActionForm action={acceptInvitationAction} label="Choose a password">
        <NewPasswordFields username={link.email} rules={link.rules} words={link.words} />
        <Submit wide>Save New Password</Submit>
      </ActionForm>
    </SignedOutLayout>
  );
}
