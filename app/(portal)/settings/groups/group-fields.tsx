import { Field } from "#components/form/field.tsx";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { PermissionList } from "#components/groups/permission-list.tsx";
import { RequirementFields } from "#components/settings/requirement-fields.tsx";
import { Card } from "#components/ui/card.tsx";
import type { getCalendar } from "#lib/groups/get-calendar.ts";
import type { grantableBy } from "#lib/groups/get-group.ts";
import type { GroupFields as Fields } from "#lib/groups/group-changes.ts";
import { PERMISSION_SUBJECTS } from "#lib/groups/permission-subjects.ts";
import { REQUIRED, REQUIRED_FROM } from "../factor-requirement.ts";
import { AS_THE_FIRM, PERMISSION_PREFIX, requirementInForm } from "./typed-group.ts";

type Calendar = Awaited<ReturnType<typeof getCalendar>>;

type GroupFieldsProps = { group: Fields; grantable: ReturnType<typeof grantableBy>; calendar: Calendar };

/** What a firm says of one of its own groups. */
export function GroupFields({ group, grantable, calendar }: GroupFieldsProps) {
  return (
    <>
      <Card title="Security group">
        <div className="grid max-w-xl gap-5">
          <Field
            name="name"
            label="Name"
            required
            maxLength={80}
            defaultValue={group.name}
            autoComplete="off"
          />
          <Field
            name="description"
            label="Description"
            hint="For whom it is, for example."
            maxLength={500}
            defaultValue={group.description}
            autoComplete="off"
          />
          <RadioGroup
            name="clientScope"
            legend="Clients that its members see"
            defaultValue={grantable.allClients ? group.clientScope : "assigned"}
            options={grantable.allClients ? SCOPES : SCOPES.slice(1)}
          />
        </div>
      </Card>
      <RequirementCard group={group} calendar={calendar} />
      <Card title="Permissions" description="What its members may do. Nothing is included in anything else.">
        <PermissionList
          prefix={PERMISSION_PREFIX}
          subjects={subjectsFor(grantable)}
          ticked={group.permissions}
        />
      </Card>
    </>
  );
}

type RequirementCardProps = { group: Pick<Fields, "secondFactorFrom">; calendar: Calendar };

/** Whether its members need a second factor, where the firm's own rule is not enough (F4). */
export function RequirementCard({ group, calendar }: RequirementCardProps) {
  const { chosen, day } = requirementInForm(group, calendar);
  return (
    <Card title="Second factor">
      <RequirementFields
        name="secondFactor"
        legend="Its members need a second factor"
        options={REQUIREMENTS}
        chosen={chosen}
        dayName="secondFactorFrom"
        day={day}
        timeZone={calendar.timeZone}
      />
    </Card>
  );
}

const REQUIREMENTS = [
  {
    value: AS_THE_FIRM,
    label: "As the firm",
    hint: "What the security options say. A group can ask for more than the firm, never for less.",
  },
  {
    value: REQUIRED,
    label: "Required",
    hint: "Whoever has none sets one up at the next sign-in, before anything else.",
  },
  { value: REQUIRED_FROM, label: "Required from a day on", hint: "Until then there is time to set one up." },
];

const SCOPES = [
  { value: "all", label: "All clients", hint: "With their contacts and workspaces." },
  {
    value: "assigned",
    label: "Assigned clients only",
    hint: "Nobody sees a client before somebody has assigned it to them.",
  },
];

function subjectsFor(grantable: GroupFieldsProps["grantable"]) {
  return PERMISSION_SUBJECTS.map(({ subject, permissions }) => ({
    subject,
    permissions: permissions.map((one) => ({
      ...one,
      grantable: grantable.permissions.includes(one.permission),
    })),
  }));
}
