import { ResetPasswordButton } from "#components/clients/reset-password-button.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { changeSecurityAction, sendMemberResetAction } from "./actions.ts";

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
      <PageHeader
        title={member.name}
        description={member.email ?? member.username}
        breadcrumbs={[{ href: "/members", label: "Members" }]}
      />
      <div className="grid gap-6">
        <Card title="Password & Security">
          <SecurityForm security={security} mayForce={hasPermission(ctx, "members:force_change")} />
        </Card>
        <Card
          title="Reset password"
          description={`Sends ${member.name} a link and a code, good for 15 minutes. Nobody here sees the password.`}
        >
          <ResetPasswordButton
            action={sendMemberResetAction}
            fields={{ memberId: member.id }}
            contactName={member.name}
          />
        </Card>
      </div>
    </>
  );
}

function SecurityForm({ security: { member, groups }, mayForce }: { security: Security; mayForce: boolean }) {
  return (
    <ActionForm action={changeSecurityAction} label="Password & Security">
      <Hidden name="memberId" value={member.id} />
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
      <Submit>Change</Submit>
    </ActionForm>
  );
}
