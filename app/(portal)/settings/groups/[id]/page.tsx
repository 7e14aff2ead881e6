import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { GroupReviewStep } from "#components/groups/group-review.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { getCalendar } from "#lib/groups/get-calendar.ts";
import { getGroup, grantableBy } from "#lib/groups/get-group.ts";
import { PERMISSION_SUBJECTS } from "#lib/groups/permission-subjects.ts";
import { PRESET_DEFINITIONS } from "#lib/groups/preset-definitions.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { changeGroupAction } from "../actions.ts";
import { GroupFields, RequirementCard } from "../group-fields.tsx";
import { PeopleOfGroup } from "./people-of-group.tsx";

export const metadata = { title: "Security group" };

type Reading = Awaited<ReturnType<typeof getGroup>>;

export default async function GroupPage({ params, searchParams }: PageProps<"/settings/groups/[id]">) {
  const ctx = await requireContext();
  const reading = await load(getGroup(ctx, (await params).id));
  const { group, changeable, requirable } = reading;
  const calendar = await load(getCalendar(ctx));
  const { saved } = await searchParams;
  return (
    <>
      <PageHeader
        title={group.name}
        description={group.preset ? PRESET_DEFINITIONS[group.preset] : group.description}
        breadcrumbs={[
          { href: "/settings", label: "Settings" },
          { href: "/settings/groups", label: "Security groups" },
        ]}
        actions={
          <FormButton action="/settings/groups/new" fields={{ copy: group.id }}>
            Copy
          </FormButton>
        }
      />
      <div className="grid max-w-3xl gap-6">
        {saved === String(group.version) && (
          <Notice tone="success" role="status" title="The security group is saved.">
            It counts from now on, for everybody who is in it.
          </Notice>
        )}
        {requirable && (
          <ActionForm
            // After a save it is another form, by what is in the address: see the security options.
            key={String(saved)}
            action={changeGroupAction}
            label="Security group"
            className="grid gap-6"
            steps={{ review: <GroupReviewStep /> }}
          >
            <Hidden name="groupId" value={group.id} />
            <Hidden name="version" value={String(group.version)} />
            {changeable ? (
              <GroupFields group={group} grantable={grantableBy(ctx)} calendar={calendar} />
            ) : (
              <RequirementCard group={group} calendar={calendar} />
            )}
            <div className="form-actions">
              <Submit>Change</Submit>
            </div>
          </ActionForm>
        )}
        {!changeable && <AsItIs reading={reading} />}
        <PeopleOfGroup reading={reading} />
      </div>
    </>
  );
}

/** A preset, or a group that holds more than its reader. */
function AsItIs({ reading: { group } }: { reading: Reading }) {
  const held = PERMISSION_SUBJECTS.map(({ subject, permissions }) => ({
    subject,
    permissions: permissions.filter(({ permission }) => group.permissions.includes(permission)),
  })).filter(({ permissions }) => permissions.length > 0);
  return (
    <>
      <Notice
        title={group.preset ? "Every firm has this group as it is" : "This group can do more than you can"}
      >
        {group.preset
          ? "Nothing but when its members need a second factor can be changed. Of a copy everything can."
          : "Somebody who holds all of it can change it. You can copy what you hold yourself."}
      </Notice>
      <Card title="Permissions">
        {held.length === 0 && <p>None.</p>}
        <div className="grid gap-5">
          {held.map(({ subject, permissions }) => (
            <div key={subject} className="grid gap-1.5">
              <h3 className="font-semibold text-sm">{subject}</h3>
              <ul className="grid list-disc gap-1 ps-5">
                {permissions.map(({ permission, sentence }) => (
                  <li key={permission}>{sentence}</li>
                ))}
              </ul>
            </div>
          ))}
        </div>
      </Card>
    </>
  );
}
