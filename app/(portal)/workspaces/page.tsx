import { ClientFilters } from "#components/clients/client-filters.tsx";
import { ClientPager } from "#components/clients/client-pager.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table } from "#components/ui/table.tsx";
import { listClients } from "#lib/clients/list-clients.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "All workspaces" };

/** All the firm's clients that the reader sees (002-04). Deleted ones have no workspace. */
export default async function WorkspacesPage({ searchParams }: PageProps<"/workspaces">) {
  const ctx = await requireContext();
  const listed = await load(listClients(ctx, { ...(await searchParams), state: undefined }));
  const chosen = listed.q !== "" || listed.assigned;
  return (
    <>
      <PageHeader
        title="All workspaces"
        description={
          ctx.actor.clientScope === "assigned"
            ? "One for each client that you are assigned to."
            : "One for each client of the firm."
        }
      />
      <div className="grid gap-6">
        <ClientFilters
          action="/workspaces"
          typed={listed.q}
          sort={listed.sort}
          mine={listed.assigned === "me"}
        />
        <Card flush>
          <Table
            caption="All workspaces"
            rows={listed.clients}
            rowKey={(client) => client.id}
            empty={
              <EmptyState
                title={chosen ? "There is no workspace like that" : "There are no workspaces for you yet"}
              >
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
          <ClientPager path="/workspaces" listed={listed} />
        </Card>
      </div>
    </>
  );
}
