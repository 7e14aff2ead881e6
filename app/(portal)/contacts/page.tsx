import { PageHeader } from "#components/layout/page-header.tsx";
import { BATCH_FORM, BatchForm } from "#components/members/batch-form.tsx";
import { BulkActions } from "#components/members/bulk-actions.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { Tick } from "#components/members/tick.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { prepareBatchAction } from "../members/actions.ts";
import { contactColumns } from "./contact-columns.tsx";

export const metadata = { title: "Contacts" };

type Listed = Awaited<ReturnType<typeof listContacts>>;
type Contact = Listed["people"][number];

export default async function ContactsPage({ searchParams }: PageProps<"/contacts">) {
  const ctx = await requireContext();
  const listed = await load(listContacts(ctx, await searchParams));
  const maySend = hasPermission(ctx, "contacts:reset");
  const { people, q, after, next } = listed;
  const byAddress = hasPermission(ctx, "clients:manage");
  return (
    <>
      <PageHeader
        title="Contacts"
        description={`The people who sign in for clients of ${ctx.tenant.name}.`}
      />
      <div className="grid gap-6">
        <PeopleSearch
          action="/contacts"
          typed={q}
          hint={`By the beginning of a name${byAddress ? ", a username or an e-mail." : " or a username."}`}
        />
        {maySend && people.length > 0 && <BulkMenu listed={listed} />}
        <Card flush>
          <Table
            caption="Contacts"
            rows={people}
            rowKey={(contact) => contact.id}
            empty={<NoContacts searched={q !== ""} />}
            columns={[...contactColumns(), ...(maySend ? [TICK] : [])]}
          />
          <Pager path="/contacts" wish={{ q }} place="after" next={next} begun={after !== undefined} />
        </Card>
      </div>
    </>
  );
}

/** Many contacts at once: tick them, open the menu, choose; there is no Go (000-09). */
function BulkMenu({ listed: { q, total, people } }: { listed: Listed }) {
  return (
    <BatchForm
      action={prepareBatchAction}
      label="Several contacts at once"
      typed={q}
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
