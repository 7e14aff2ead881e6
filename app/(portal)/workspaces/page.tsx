import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table } from "#components/ui/table.tsx";
import { listClients } from "#lib/clients/list-clients.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "All workspaces" };

export default async function WorkspacesPage() {
  const clients = await load(listClients(await requireContext()));
  return (
    <>
      <PageHeader title="All workspaces" description="One for each client of the firm." />
      <Card flush>
        <Table
          caption="All workspaces"
          rows={clients}
          rowKey={(client) => client.id}
          empty={
            <EmptyState title="The firm has no clients yet">
              Each client has one workspace, which will stand here.
            </EmptyState>
          }
          columns={[
            {
              key: "name",
              header: "Client",
              rowHeader: true,
              cell: (client) => <a href={`/workspaces/${client.workspaceId}`}>{client.name}</a>,
            },
            { key: "contacts", header: "Contacts", align: "end", cell: (client) => client.contacts },
          ]}
        />
      </Card>
    </>
  );
}
