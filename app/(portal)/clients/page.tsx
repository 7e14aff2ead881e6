import { ClientFilters } from "#components/clients/client-filters.tsx";
import { ClientPager } from "#components/clients/client-pager.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { type ListedClients, listClients } from "#lib/clients/list-clients.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { restoreClientAction } from "./actions.ts";

export const metadata = { title: "All Firm Clients" };

type Listed = ListedClients["clients"][number];

export default async function ClientsPage({ searchParams }: PageProps<"/clients">) {
  const ctx = await requireContext();
  const search = await searchParams;
  const listed = await load(listClients(ctx, search));
  const deleted = listed.state === "deleted";
  return (
    <>
      <PageHeader
        title={deleted ? "Deleted clients" : "All Firm Clients"}
        description={deleted ? DELETED : described(ctx)}
        breadcrumbs={deleted ? [{ href: "/clients", label: "All Firm Clients" }] : []}
        actions={!deleted && <Actions ctx={ctx} />}
      />
      <div className="grid gap-6">
        {search.done === "deleted" && (
          <Notice tone="success" role="status">
            The client is deleted. It stands among the deleted clients, where it can be restored.
          </Notice>
        )}
        <ClientFilters
          action="/clients"
          typed={listed.q}
          sort={listed.sort}
          mine={listed.assigned === "me"}
          keep={deleted ? { state: "deleted" } : {}}
        />
        <Card flush>
          <Table
            caption={deleted ? "Deleted clients" : "All Firm Clients"}
            rows={listed.clients}
            rowKey={(client) => client.id}
            empty={<NoClients listed={listed} />}
            columns={deleted ? [DELETED_NAME, CONTACTS, WHEN_DELETED, RESTORE] : [NAME, CONTACTS, CREATED]}
          />
          <ClientPager path="/clients" listed={listed} />
        </Card>
      </div>
    </>
  );
}

const DELETED = "Nobody enters their workspaces. Restoring one brings back its contacts and staff.";

function described({ actor }: MemberContext) {
  if (actor.clientScope === "assigned") return "The clients that you are assigned to.";
  return "Choose a client to see its contacts.";
}

function Actions({ ctx }: { ctx: MemberContext }) {
  return (
    <>
      {hasPermission(ctx, "clients:delete") && (
        <a href="/clients?state=deleted" className={buttonClass({ tone: "plain" })}>
          Deleted clients
        </a>
      )}
      {hasPermission(ctx, "clients:manage") && (
        <a href="/clients/new" className={buttonClass({ tone: "primary" })}>
          Create Client
        </a>
      )}
    </>
  );
}

const NAME: TableColumn<Listed> = {
  key: "name",
  header: "Client Name",
  rowHeader: true,
  cell: ({ id, name }) => <a href={`/clients/${id}`}>{name}</a>,
};

const DELETED_NAME: TableColumn<Listed> = { ...NAME, cell: ({ name }) => name };

const CONTACTS: TableColumn<Listed> = {
  key: "contacts",
  header: "Contacts",
  align: "end",
  cell: ({ contacts }) => (contacts === 1 ? "1 contact" : `${sayCounted(contacts)} contacts`),
};

const CREATED: TableColumn<Listed> = {
  key: "created",
  header: "Created",
  cell: ({ createdAt }) => <Moment at={createdAt} />,
};

const WHEN_DELETED: TableColumn<Listed> = {
  key: "deleted",
  header: "Deleted",
  cell: ({ deletedAt }) => deletedAt && <Moment at={deletedAt} />,
};

const RESTORE: TableColumn<Listed> = {
  key: "restore",
  header: "Restore",
  actions: true,
  align: "end",
  cell: ({ id, name }) => (
    <ActionForm
      action={restoreClientAction}
      id={`restore-${id}`}
      label={`Restore ${name}`}
      className="whitespace-nowrap"
    >
      <Hidden name="clientId" value={id} />
      <Submit tone="quiet" size="small">
        Restore
      </Submit>
    </ActionForm>
  ),
};

function NoClients({ listed: { q, assigned, state } }: { listed: ListedClients }) {
  if (q !== "" || assigned) return <EmptyState title="There is no client like that" />;
  if (state === "deleted") return <EmptyState title="No client is deleted" />;
  return (
    <EmptyState title="There are no clients for you yet">
      Each client will stand here, and behind it the contacts who sign in for it.
    </EmptyState>
  );
}
