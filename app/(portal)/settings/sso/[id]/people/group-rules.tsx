import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { RowButton } from "#components/sessions/row-button.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table } from "#components/ui/table.tsx";
import type { ConnectionReading } from "#lib/auth/sso/connections/get-connection.ts";
import { addGroupRuleAction, moveGroupRuleAction, removeGroupRuleAction } from "../../actions.ts";

type Rule = ConnectionReading["rules"][number];

/** Which of the provider's groups gives which security group. */
export function GroupRules({ reading: { connection, rules, groups } }: { reading: ConnectionReading }) {
  return (
    <Card
      title="Groups of the provider"
      description="The first rule that matches counts. Who is taken out of a group at the provider loses what it gave at the next sign-in."
      footer={<AddRule id={connection.id} groups={groups} />}
      flush
    >
      <Table
        caption="Rules for groups"
        rows={rules}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title="There is no rule yet">
            Until there is one, people keep the security group that they have in the portal.
          </EmptyState>
        }
        columns={[
          {
            key: "value",
            header: "Group at the provider",
            rowHeader: true,
            cell: ({ groupValue }) => <span className="break-all">{groupValue}</span>,
          },
          { key: "group", header: "Security group", cell: (rule) => <Given rule={rule} /> },
          {
            key: "order",
            header: "Order and removal",
            actions: true,
            align: "end",
            cell: (rule) => <RuleButtons id={connection.id} rule={rule} rules={rules} />,
          },
        ]}
      />
    </Card>
  );
}

function Given({ rule: { groupName, allowsAdministrator, blocked } }: { rule: Rule }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      {groupName}
      {allowsAdministrator && <Badge tone="warning">Can raise others</Badge>}
      {blocked && <Badge tone="error">Gives nothing: it can do more since</Badge>}
    </span>
  );
}

function RuleButtons({ id, rule, rules }: { id: string; rule: Rule; rules: Rule[] }) {
  const fields = { connectionId: id, ruleId: rule.id };
  const about = rule.groupValue;
  return (
    <span className="flex flex-wrap justify-end gap-2">
      {rule.id !== rules[0]?.id && (
        <RowButton action={moveGroupRuleAction} fields={{ ...fields, to: "up" }} press="Up" about={about} />
      )}
      {rule.id !== rules.at(-1)?.id && (
        <RowButton
          action={moveGroupRuleAction}
          fields={{ ...fields, to: "down" }}
          press="Down"
          about={about}
        />
      )}
      <RowButton action={removeGroupRuleAction} fields={fields} press="Remove" about={about} />
    </span>
  );
}

function AddRule({ id, groups }: { id: string; groups: ConnectionReading["groups"] }) {
  return (
    <ActionForm action={addGroupRuleAction} id="rule" label="Add a rule">
      <Hidden name="connectionId" value={id} />
      <Field
        name="groupValue"
        label="Group, as the provider calls it"
        hint="Compared letter by letter. Entra ID sends object IDs."
        required
        maxLength={500}
        autoComplete="off"
        unmanaged
      />
      <Select
        name="securityGroupId"
        label="Gives the security group"
        placeholder="Choose one"
        required
        options={groups.map((group) => ({
          value: group.id,
          label: group.powerful ? `${group.name} (can raise others)` : group.name,
        }))}
      />
      <Checkbox
        name="allowsAdministrator"
        label="This rule may give a security group that can raise others"
        hint="Only for groups marked so, such as Administrator. Whoever manages the group at the provider then decides who manages the portal."
      />
      <Submit tone="quiet">Add rule</Submit>
    </ActionForm>
  );
}
