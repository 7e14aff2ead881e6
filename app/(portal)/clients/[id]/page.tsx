import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { type ClientRecord, getClient } from "#lib/clients/get-client.ts";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { ClientHeader } from "./client-header.tsx";

export const metadata = { title: "Client" };

/** What the firm keeps of a client, with the ways on (002-05). */
export default async function ClientPage({ params, searchParams }: PageProps<"/clients/[id]">) {
  const ctx = await requireContext();
  const client = await load(getClient(ctx, (await params).id));
  const { done } = await searchParams;
  return (
    <>
      <ClientHeader ctx={ctx} client={client} tab="" />
      <div className="grid gap-6">
        {typeof done === "string" && DONE[done] && (
          <Notice tone="success" role="status">
            {DONE[done]}
          </Notice>
        )}
        <Card title="Client">
          <Facts
            facts={[
              {
                label: "Workspace",
                value: <Workspace client={client} linked={hasPermission(ctx, "workspaces:enter")} />,
              },
              {
                label: "Contacts",
                value: <a href={`/clients/${client.id}/contacts`}>{numberOf(client.contacts)}</a>,
              },
              { label: "Staff", value: <Staff client={client} /> },
              { label: "Created", value: <Moment at={client.createdAt} /> },
            ]}
          />
        </Card>
      </div>
    </>
  );
}

const DONE: Record<string, string> = {
  created: "The client is created, and its workspace with it.",
  restored: "The client is back, with its contacts and its staff.",
};

function numberOf(contacts: number): string {
  return contacts === 1 ? "1 contact" : `${sayCounted(contacts)} contacts`;
}

function Workspace({ client: { name, workspaceId }, linked }: { client: ClientRecord; linked: boolean }) {
  return linked ? <a href={`/workspaces/${workspaceId}`}>{name}</a> : name;
}

function Staff({ client: { id, staff } }: { client: ClientRecord }) {
  if (staff.length === 0) return <a href={`/clients/${id}/staff`}>Nobody is assigned</a>;
  return (
    <ul>
      {staff.map((colleague) => (
        <li key={colleague.id}>{colleague.name}</li>
      ))}
    </ul>
  );
}
