import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { findContactCandidates } from "#lib/clients/find-contact-candidates.ts";
import { getClient } from "#lib/clients/get-client.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { contactColumns } from "../../../../contacts/contact-columns.tsx";
import { addContactAction } from "./actions.ts";

export const metadata = { title: "Add an existing contact" };

type Candidate = Awaited<ReturnType<typeof findContactCandidates>>["people"][number];

/** Somebody who is a contact of another client becomes one of this client too: looked for, told apart, then added (D5). */
export default async function AddContactPage({
  params,
  searchParams,
}: PageProps<"/clients/[id]/contacts/add">) {
  const ctx = await requireContext();
  const { id } = await params;
  const { q, people } = await load(findContactCandidates(ctx, { ...(await searchParams), clientId: id }));
  const { name } = await load(getClient(ctx, id));
  return (
    <>
      <PageHeader
        title="Add an existing contact"
        description={`Whoever is added enters the workspace of ${name} from the next click on.`}
        breadcrumbs={[
          { href: "/clients", label: "All Firm Clients" },
          { href: `/clients/${id}/contacts`, label: name },
        ]}
      />
      <div className="grid gap-6">
        <PeopleSearch
          action={`/clients/${id}/contacts/add`}
          typed={q}
          hint="Contacts of other clients, by the beginning of a name."
        />
        {q !== "" && (
          <Card flush>
            <Table
              caption="Contacts found"
              rows={people}
              rowKey={(contact) => contact.id}
              empty={<EmptyState title="Nobody else goes by that" />}
              columns={[...contactColumns(), addition(id)]}
            />
          </Card>
        )}
      </div>
    </>
  );
}

function addition(clientId: string): TableColumn<Candidate> {
  return {
    key: "add",
    header: "Add to this client",
    actions: true,
    align: "end",
    cell: ({ id, name }) => (
      <ActionForm action={addContactAction} id={`add-${id}`} className="whitespace-nowrap">
        <Hidden name="clientId" value={clientId} />
        <Hidden name="memberId" value={id} />
        <Submit size="small" describedBy={`name-${id}`}>
          Add<span className="visually-hidden"> {name} to this client</span>
        </Submit>
      </ActionForm>
    ),
  };
}
