import { ResetPasswordButton } from "#components/clients/reset-password-button.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { AskBeforeLeaving } from "#components/form/ask-before-leaving.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Facts } from "#components/members/facts.tsx";
import { ResendCredentials } from "#components/members/resend-credentials.tsx";
import { Card } from "#components/ui/card.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { sendContactResetAction } from "../../../clients/[id]/contacts/actions.ts";
import { MemberHeader } from "../member-header.tsx";
import { resendCredentialsAction } from "../profile/actions.ts";
import { helpFor } from "../profile/resend-help.ts";
import { changeSecurityAction } from "./actions.ts";
import { LostFactors } from "./lost-factors.tsx";
import { MemberApiToken } from "./member-api-token.tsx";
import { SetPassword } from "./set-password.tsx";

export const metadata = { title: "Password & Security" };

type Security = Awaited<ReturnType<typeof getMemberSecurity>>;

export default async function PasswordAndSecurityPage({
  params,
}: PageProps<"/members/[id]/password-and-security">) {
  const ctx = await requireContext();
  const security = await load(getMemberSecurity(ctx, (await params).id));
  const { member } = security;
  return (
    <>
      <MemberHeader
        ctx={ctx}
        member={{ ...member, federated: false }}
        description={member.email ?? member.username}
        tab="password-and-security"
      />
      <div className="grid gap-6">
        <Resend security={security} />
        <Card title="Password & Security">
          <SecurityForm security={security} mayForce={hasPermission(ctx, "members:force_change")} />
        </Card>
        <LostFactors ctx={ctx} memberId={member.id} />
        <MemberApiToken ctx={ctx} memberId={member.id} />
        <ResetPassword security={security} isOwn={member.id === ctx.actor.memberId} />
      </div>
    </>
  );
}

/** Near the top of the page (000-11). */
function Resend({ security: { member, resend, mail } }: { security: Security }) {
  if (!resend) return null;
  if ("obstacle" in resend) return <p className="text-ink-muted text-sm">{resend.obstacle}</p>;
  const help = helpFor(resend.sends, mail);
  return <ResendCredentials action={resendCredentialsAction} memberId={member.id} help={help} />;
}

function SecurityForm({ security, mayForce }: { security: Security; mayForce: boolean }) {
  const { member, groups, enrolment, firmIdleMinutes } = security;
  return (
    <ActionForm action={changeSecurityAction} label="Password & Security">
      <Hidden name="memberId" value={member.id} />
      <Hidden name="version" value={String(member.version)} />
      <Select
        name="securityGroupId"
        label="Security Group"
        defaultValue={member.securityGroupId}
        options={groups.map(({ id, name }) => ({ value: id, label: name }))}
        required
      />
      <Select
        name="status"
        label="Account Status"
        defaultValue={member.status}
        options={[
          { value: "enabled", label: "Enabled" },
          { value: "disabled", label: "Disabled" },
        ]}
        hint="Disabling signs the person out everywhere at once."
        required
      />
      {mayForce && (
        <Checkbox
          name="mustChangePassword"
          label="User must change password at next login"
          defaultChecked={member.mustChangePassword}
        />
      )}
      <Facts facts={[{ label: "Enroll in Multi-Factor Authentication", value: enrolment }]} />
      <Checkbox
        name="enrolmentRequired"
        label="Require enrolment"
        hint="Whoever has no second factor sets one up at the next sign-in, before anything else."
        defaultChecked={member.enrolmentRequired}
      />
      <div className="[&_.input]:max-w-28">
        <Field
          name="idleMinutes"
          label="Signed out after … minutes without a request"
          hint={`Empty: the firm's ${firmIdleMinutes}. Only a smaller number has an effect.`}
          inputMode="numeric"
          maxLength={4}
          defaultValue={member.idleMinutes ?? ""}
          autoComplete="off"
        />
      </div>
      <AskBeforeLeaving />
      <Submit>Change</Submit>
    </ActionForm>
  );
}

/** By mail, so that nobody here sees the password (001-01), or by typing one, where the firm allows it (X1). */
function ResetPassword({
  security: { member, resend, newPassword },
  isOwn,
}: {
  security: Security;
  isOwn: boolean;
}) {
  const byMail = resend && "sends" in resend;
  if (!byMail && !newPassword && !isOwn) return null;
  return (
    <Card title="Reset Password">
      <div className="grid gap-6">
        {isOwn && (
          <p className="text-sm">
            <a href="/account/password">Change your own password</a> with the current one, under Settings.
          </p>
        )}
        {byMail && (
          <div className="grid justify-items-start gap-3">
            <p className="max-w-prose text-ink-muted text-sm">
              By e-mail: {member.name} chooses a new password, and nobody here sees it.
            </p>
            <ResetPasswordButton
              action={sendContactResetAction}
              fields={{ memberId: member.id }}
              contactName={member.name}
            />
          </div>
        )}
        {newPassword && <SetPassword member={member} {...newPassword} />}
      </div>
    </Card>
  );
}
