import { PageHeader } from "#components/layout/page-header.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { Table } from "#components/ui/table.tsx";
import { listGroups } from "#lib/groups/list-groups.ts";
import { PRESET_DEFINITIONS } from "#lib/groups/preset-definitions.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "Security groups" };

type Group = Awaited<ReturnType<typeof listGroups>>[number];

export default async function GroupsPage({ searchParams }: PageProps<"/settings/groups">) {
  const ctx = await requireContext();
  const groups = await load(listGroups(ctx));
  const { deleted } = await searchParams;
  return (
    <>
      <PageHeader
        title="Security groups"
        description={`What people may do at ${ctx.tenant.name}. Everybody is in exactly one group.`}
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
        actions={
          <FormButton action="/settings/groups/new" tone="primary">
            New group
          </FormButton>
        }
      />
      <div className="grid gap-6">
        {deleted !== undefined && (
          <Notice tone="success" role="status" title="The security group is deleted." />
        )}
        <Card flush>
          <Table
            caption="Security groups"
            rows={groups}
            rowKey={({ id }) => id}
            columns={[
              { key: "name", header: "Name", rowHeader: true, cell: (group) => <Name group={group} /> },
              { key: "people", header: "People", align: "end", cell: (group) => <People group={group} /> },
              { key: "kind", header: "Kind", cell: ({ preset }) => <Kind preset={preset} /> },
              { key: "clients", header: "Clients", cell: (group) => <Clients group={group} /> },
            ]}
          />
        </Card>
      </div>
    </>
  );
}

function Name({ group: { id, name, preset, description } }: { group: Group }) {
  const meaning = preset ? PRESET_DEFINITIONS[preset] : description;
  return (
    <>
      <a href={`/settings/groups/${id}`}>{name}</a>
      {meaning && <span className="block max-w-prose font-normal text-ink-muted">{meaning}</span>}
    </>
  );
}

function People({ group: { id, preset, members } }: { group: Group }) {
  if (members === 0) return "0";
  const list = preset === "contact" ? "/contacts" : `/members?group=${id}`;
  return <a href={list}>{sayCounted(members)}</a>;
}

function Kind({ preset }: Pick<Group, "preset">) {
  return preset ? <Badge>Preset</Badge> : <Badge tone="info">Custom</Badge>;
}

function Clients({ group: { preset, clientScope } }: { group: Group }) {
  if (preset === "contact") return "Their own";
  return clientScope === "all" ? "All" : "Assigned";
}
