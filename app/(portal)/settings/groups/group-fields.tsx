import { Field } from "#components/form/field.tsx";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { PermissionList } from "#components/groups/permission-list.tsx";
import { Card } from "#components/ui/card.tsx";
import type { grantableBy } from "#lib/groups/get-group.ts";
import type { GroupFields as Fields } from "#lib/groups/group-changes.ts";
import { PERMISSION_SUBJECTS } from "#lib/groups/permission-subjects.ts";
import { PERMISSION_PREFIX } from "./typed-group.ts";

type GroupFieldsProps = { group: Fields; grantable: ReturnType<typeof grantableBy> };

/** What a firm says of one of its own groups. */
export function GroupFields({ group, grantable }: GroupFieldsProps) {
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
