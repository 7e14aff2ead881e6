import { ActionForm } from "#components/form/action-form.tsx";
import { AskBeforeLeaving } from "#components/form/ask-before-leaving.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { describeNewMember } from "#lib/members/describe-new-member.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { createMemberAction } from "./actions.ts";
import { InviteTick, NewMemberFields } from "./new-member-fields.tsx";

export const metadata = { title: "Add member" };

export default async function NewMemberPage() {
  const ctx = await requireContext();
  const { groups, mayInvite } = await load(describeNewMember(ctx, "staff"));
  return (
    <>
      <PageHeader
        title="Add member"
        description={`Somebody of the staff of ${ctx.tenant.name}.`}
        breadcrumbs={[{ href: "/members", label: "Members" }]}
      />
      <Card>
        <ActionForm action={createMemberAction} label="Add member">
          <Hidden name="kind" value="staff" />
          <NewMemberFields />
          <Select
            name="securityGroupId"
            label="Security Group"
            placeholder="Choose…"
            hint="Only groups that hold no more than you do."
            options={groups.map(({ id, name }) => ({ value: id, label: name }))}
            required
          />
          {mayInvite && <InviteTick />}
          <AskBeforeLeaving />
          <div className="form-actions">
            <Submit>Add member</Submit>
            <a href="/members">Cancel</a>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
