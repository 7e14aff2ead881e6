import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table } from "#components/ui/table.tsx";
import { listClients } from "#lib/clients/list-clients.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "All Firm Clients" };

export default async function ClientsPage() {
  const clients = await load(listClients(await requireContext()));
  return (
    <>
      <PageHeader title="All Firm Clients" description="Choose a client to see its contacts." />
      <Card flush>
        <Table
          caption="All Firm Clients"
          rows={clients}
          rowKey={(client) => client.id}
          empty={
            <EmptyState title="The firm has no clients yet">
              Each client will stand here, and behind it the contacts who sign in for it.
            </EmptyState>
          }
          columns={[
            {
              key: "name",
              header: "Client Name",
              rowHeader: true,
              cell: (client) => <a href={`/clients/${client.id}/contacts`}>{client.name}</a>,
            },
            {
              key: "contacts",
              header: "Contacts",
              align: "end",
              cell: ({ contacts }) => (contacts === 1 ? "1 contact" : `${contacts} contacts`),
            },
          ]}
        />
      </Card>
    </>
  );
}
