import { PageHeader } from "#components/layout/page-header.tsx";
import { AccessBadge } from "#components/members/access-badge.tsx";
import { Pager } from "#components/members/pager.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { getWorkspace, type Workspace } from "#lib/workspaces/get-workspace.ts";

export const metadata = { title: "Workspace" };

type Contact = Workspace["contacts"][number];
type Firm = NonNullable<Workspace["firm"]>;

export default async function WorkspacePage({ params, searchParams }: PageProps<"/workspaces/[id]">) {
  const ctx = await requireContext();
  const [{ id }, { after }] = [await params, await searchParams];
  const workspace = await load(getWorkspace(ctx, { workspaceId: id, after }));
  const { clientName, firm } = workspace;
  return (
    <>
      <PageHeader
        title={clientName}
        description={`Workspace with ${ctx.tenant.name}`}
        breadcrumbs={
          firm ? [{ href: "/workspaces", label: "All workspaces" }] : [{ href: "/", label: "Start" }]
        }
      />
      <div className="grid gap-6">
        {firm ? <KnownContacts workspace={workspace} /> : <Names workspace={workspace} />}
        {firm && <Staff staff={firm.staff} clientId={workspace.clientId} />}
        {firm && <Activity activity={firm.activity} />}
      </div>
    </>
  );
}

const WHO = "Who enters this workspace for the client.";

/** How many they are, where that is more than a page shows. */
function countIn({ contacts, total }: Workspace) {
  return total > contacts.length && `${contacts.length} of ${sayCounted(total)}, by name.`;
}

function Pages({ workspace: { id, after, next } }: { workspace: Workspace }) {
  return <Pager path={`/workspaces/${id}`} wish={{}} place="after" next={next} begun={after !== undefined} />;
}

/** As people of one client see each other: by name. */
function Names({ workspace }: { workspace: Workspace }) {
  return (
    <Card title="Contacts" description={WHO} footer={countIn(workspace)}>
      <ul className="grid gap-2">
        {workspace.contacts.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ul>
      <Pages workspace={workspace} />
    </Card>
  );
}

function KnownContacts({ workspace }: { workspace: Workspace }) {
  const { clientId, contacts } = workspace;
  return (
    <Card
      title="Contacts"
      description={WHO}
      actions={<a href={`/clients/${clientId}/contacts`}>Manage contacts</a>}
      footer={countIn(workspace)}
      flush
    >
      <Table caption="Contacts" rows={contacts} rowKey={({ id }) => id} columns={CONTACTS} empty={NOBODY} />
      <Pages workspace={workspace} />
    </Card>
  );
}

const NOBODY = <p className="px-5 pb-5 text-ink-muted sm:px-6">This client has no contacts yet.</p>;

const CONTACTS: TableColumn<Contact>[] = [
  {
    key: "name",
    header: "Name",
    rowHeader: true,
    cell: ({ id, name }) => <a href={`/members/${id}/profile`}>{name}</a>,
  },
  {
    key: "access",
    header: "Access",
    cell: ({ access }) => access && <AccessBadge state={access.state} words={ACCESS_STATES[access.state]} />,
  },
];

function Staff({ staff, clientId }: { staff: Firm["staff"]; clientId: string }) {
  return (
    <Card title="Staff" actions={<a href={`/clients/${clientId}/staff`}>All about the staff</a>}>
      {staff.length === 0 ? (
        <p className="text-ink-muted">Nobody is assigned to this client.</p>
      ) : (
        <ul className="grid gap-2">
          {staff.map(({ id, name, group }) => (
            <li key={id}>
              {name} <span className="text-ink-muted">· {group}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Activity({ activity }: { activity: Firm["activity"] }) {
  return (
    <Card
      title="Recent activity"
      description="The newest twenty of what was done for this client and its contacts."
    >
      {activity.length === 0 ? (
        <p className="text-ink-muted">Nothing yet.</p>
      ) : (
        <ol className="grid gap-3">
          {activity.map(({ id, at, sentence, about, by }) => (
            <li key={id}>
              {sentence}
              {about && `: ${about}`}
              <span className="block text-ink-muted text-sm">
                {by}, <Moment at={at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
