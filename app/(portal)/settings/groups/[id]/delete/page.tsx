import { forbidden } from "next/navigation";
import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { getGroup } from "#lib/groups/get-group.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { deleteGroupAction } from "../../actions.ts";
import { PeopleInGroup } from "../people-in-group.tsx";

export const metadata = { title: "Delete a security group" };

export default async function DeleteGroupPage({ params }: PageProps<"/settings/groups/[id]/delete">) {
  const ctx = await requireContext();
  const { group, people, changeable } = await load(getGroup(ctx, (await params).id));
  if (!changeable) forbidden();
  const here = `/settings/groups/${group.id}`;
  const isEmpty = people.present + people.deleted === 0;
  return (
    <>
      <PageHeader
        title={`Delete ${group.name}?`}
        breadcrumbs={[
          { href: "/settings/groups", label: "Security groups" },
          { href: here, label: group.name },
        ]}
      />
      <div className="max-w-3xl">
        <Card>
          <div className="grid gap-5">
            {isEmpty ? (
              <p>Nobody is in this group. It cannot be brought back; a new one can be made.</p>
            ) : (
              <>
                <p>There are people in this group. Give them another one first.</p>
                <PeopleInGroup group={group} people={people} />
              </>
            )}
            <div className="flex flex-wrap gap-3">
              {isEmpty && (
                <ActionForm action={deleteGroupAction} label="Delete a security group">
                  <Hidden name="groupId" value={group.id} />
                  <Submit tone="danger">Delete</Submit>
                </ActionForm>
              )}
              <FormButton action={here}>Cancel</FormButton>
            </div>
          </div>
        </Card>
      </div>
    </>
  );
}
