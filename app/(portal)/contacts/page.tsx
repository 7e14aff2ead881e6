import { PageHeader } from "#components/layout/page-header.tsx";
import { BATCH_FORM, BatchForm } from "#components/members/batch-form.tsx";
import { BulkActions } from "#components/members/bulk-actions.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleFilter } from "#components/members/people-filter.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { Tick } from "#components/members/tick.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import type { PeopleFilters } from "#lib/members/page-of-members.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { prepareBatchAction } from "../members/actions.ts";
import { Done } from "../members/done.tsx";
import { ListActions, ListFoot } from "../members/list-actions.tsx";
import { FACTOR_CHOICES, filtersOf, SORT_CHOICES, sortable, wishOf } from "../members/people-wish.ts";
import { contactColumns } from "./contact-columns.tsx";

export const metadata = { title: "Contacts" };

type Listed = Awaited<ReturnType<typeof listContacts>>;
type Contact = Listed["people"][number];

export default async function ContactsPage({ searchParams }: PageProps<"/contacts">) {
  const ctx = await requireContext();
  const search = await searchParams;
  const listed = await load(listContacts(ctx, search));
  const { people, filters, after, next } = listed;
  const deleted = filters.state === "deleted";
  const maySend = hasPermission(ctx, "contacts:reset") && !deleted;
  return (
    <>
      <PageHeader
        title={deleted ? "Deleted contacts" : "Contacts"}
        description={deleted ? DELETED : `The people who sign in for clients of ${ctx.tenant.name}.`}
        breadcrumbs={deleted ? [{ href: "/contacts", label: "Contacts" }] : []}
        actions={<ListActions ctx={ctx} kind="contact" filters={filters} />}
      />
      <div className="grid gap-6">
        <Done done={search.done} />
        <Search listed={listed} byAddress={hasPermission(ctx, "clients:manage")} />
        {maySend && people.length > 0 && <BulkMenu listed={listed} />}
        <Card flush>
          <Table
            caption={deleted ? "Deleted contacts" : "Contacts"}
            rows={people}
            rowKey={(contact) => contact.id}
            empty={<NoContacts searched={Object.keys(wishOf(filters)).length > 0} />}
            columns={[...sortedColumns(filters), ...(maySend ? [TICK] : [])]}
          />
          <Pager
            path="/contacts"
            wish={wishOf(filters)}
            place="after"
            next={next}
            begun={after !== undefined}
          />
        </Card>
        <ListFoot ctx={ctx} kind="contact" filters={filters} />
      </div>
    </>
  );
}

const DELETED = "They cannot sign in and stand in no list. Their names stay reserved until they are erased.";

function sortedColumns(filters: PeopleFilters): TableColumn<Contact>[] {
  const [name, ...others] = contactColumns();
  const type: TableColumn<Contact> = {
    ...{ key: "type", header: "User Type" },
    cell: ({ federated }) => (federated ? "SSO" : "Native"),
  };
  const columns = [...(name ? [name] : []), ...others.slice(0, 1), type, ...others.slice(1)];
  return columns.map((column) => {
    if (column.key === "name") return { ...column, ...sortable("name", "/contacts", filters) };
    if (column.key === "seen") return { ...column, ...sortable("login", "/contacts", filters) };
    return column;
  });
}

type SearchProps = { listed: Listed; byAddress: boolean };

function Search({ listed: { filters, choices }, byAddress }: SearchProps) {
  const { q, sort, status, client, factor, state } = filters;
  return (
    <PeopleSearch
      action="/contacts"
      typed={q}
      keep={state ? { state } : {}}
      hint={`By the beginning of a name${byAddress ? ", a username or an e-mail." : " or a username."}`}
      narrowed={Object.keys(wishOf({ ...filters, state: undefined })).length > 0}
    >
      <PeopleFilter
        name="client"
        label="Client"
        all="All"
        chosen={client}
        choices={choices.map(({ id, name }) => ({ value: id, label: name }))}
      />
      {!state && (
        <PeopleFilter
          name="status"
          label="Access"
          all="All"
          chosen={status}
          choices={[
            { value: "enabled", label: "On" },
            { value: "disabled", label: "Switched off" },
          ]}
        />
      )}
      <PeopleFilter name="factor" label="Second factor" all="All" chosen={factor} choices={FACTOR_CHOICES} />
      <PeopleFilter name="sort" label="Sort by" chosen={sort} choices={SORT_CHOICES} />
    </PeopleSearch>
  );
}

/** Many contacts at once: tick them, open the menu, choose; there is no Go (000-09). */
function BulkMenu({ listed: { q, filters, total, people } }: { listed: Listed }) {
  return (
    <BatchForm
      action={prepareBatchAction}
      label="Several contacts at once"
      typed={q}
      filters={filtersOf(filters)}
      total={total}
      shown={people.length}
    >
      <BulkActions actions={[{ value: "resend_login_credentials", label: "Resend Login Credentials" }]} />
    </BatchForm>
  );
}

const TICK: TableColumn<Contact> = {
  key: "tick",
  header: "Select",
  tick: "end",
  cell: ({ id, name, address, username, clients }) => {
    const facts = [name, address ?? username, ...clients.map((client) => client.name)];
    return <Tick form={BATCH_FORM} memberId={id} label={`Select ${facts.filter(Boolean).join(", ")}`} />;
  },
};

function NoContacts({ searched }: { searched: boolean }) {
  if (searched) return <EmptyState title="Nobody here goes by that" />;
  return (
    <EmptyState title="The firm has no contacts yet">
      Everybody who signs in for a client will stand here.
    </EmptyState>
  );
}
