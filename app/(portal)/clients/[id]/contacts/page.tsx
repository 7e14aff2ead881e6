import { ResetPasswordButton } from "#components/clients/reset-password-button.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { contactColumns } from "../../../contacts/contact-columns.tsx";
import { ClientHeader } from "../client-header.tsx";
import { removeContactAction, sendContactResetAction } from "./actions.ts";

export const metadata = { title: "Contacts" };

type Listed = Awaited<ReturnType<typeof getClientContacts>>;
type Contact = Listed["contacts"][number];

export default async function ClientContactsPage({
  params,
  searchParams,
}: PageProps<"/clients/[id]/contacts">) {
  const ctx = await requireContext();
  const search = await searchParams;
  const listed = await load(getClientContacts(ctx, { ...search, clientId: (await params).id }));
  const { client, contacts, q, after, next } = listed;
  const path = `/clients/${client.id}/contacts`;

  return (
    <>
      <ClientHeader
        ctx={ctx}
        client={client}
        tab="/contacts"
        description="Contacts who sign in for this client."
      />
      <div className="grid gap-6">
        {typeof search.done === "string" && DONE[search.done] && (
          <Notice tone="success" role="status">
            {DONE[search.done]}
          </Notice>
        )}
        {(next || after || q !== "") && (
          <PeopleSearch action={path} typed={q} hint="By the beginning of a name or a username." />
        )}
        <Card flush>
          <Table
            caption={`Contacts of ${client.name}`}
            rows={contacts}
            rowKey={(contact) => contact.id}
            empty={<NoContacts searched={q !== ""} />}
            columns={columnsFor(ctx, client.id)}
          />
          <Pager path={path} wish={{ q }} place="after" next={next} begun={after !== undefined} />
        </Card>
        {hasPermission(ctx, "clients:manage") && (
          <p>
            <a href={`${path}/add`} className={buttonClass({})}>
              Add an existing contact
            </a>
          </p>
        )}
      </div>
    </>
  );
}

const DONE: Record<string, string> = {
  added: "The contact belongs to this client now.",
  removed: "The contact does not belong to this client any more. The account is kept.",
};

function NoContacts({ searched }: { searched: boolean }) {
  return <EmptyState title={searched ? "Nobody here goes by that" : "This client has no contacts yet"} />;
}

function columnsFor(ctx: MemberContext, clientId: string): TableColumn<Contact>[] {
  const mayReset = hasPermission(ctx, "contacts:reset");
  const mayRemove = hasPermission(ctx, "clients:manage");
  return [
    ...contactColumns(clientId),
    ...(mayRemove ? [removal(clientId)] : []),
    ...(mayReset ? [RESET] : []),
  ];
}

function removal(clientId: string): TableColumn<Contact> {
  return {
    key: "remove",
    header: "Remove from this client",
    actions: true,
    align: "end",
    cell: ({ id, name }) => (
      <ActionForm action={removeContactAction} id={`remove-${id}`} className="whitespace-nowrap">
        <Hidden name="clientId" value={clientId} />
        <Hidden name="memberId" value={id} />
        <Submit tone="quiet" size="small" describedBy={`name-${id}`}>
          Remove<span className="visually-hidden"> {name} from this client</span>
        </Submit>
      </ActionForm>
    ),
  };
}

/** Nothing to press for somebody who has no password here (004-02). */
const RESET: TableColumn<Contact> = {
  key: "reset",
  header: "Reset password",
  actions: true,
  align: "end",
  cell: ({ id, name, federated }) =>
    federated ? null : (
      <ResetPasswordButton
        action={sendContactResetAction}
        fields={{ memberId: id }}
        contactName={name}
        describedBy={`name-${id}`}
      />
    ),
};
