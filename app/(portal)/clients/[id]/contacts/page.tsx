import { ResetPasswordButton } from "#components/clients/reset-password-button.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { contactColumns } from "../../../contacts/contact-columns.tsx";
import { sendContactResetAction } from "./actions.ts";

export const metadata = { title: "Contacts" };

type Contact = Awaited<ReturnType<typeof getClientContacts>>["contacts"][number];

export default async function ClientContactsPage({ params }: PageProps<"/clients/[id]/contacts">) {
  const ctx = await requireContext();
  const { client, contacts } = await load(getClientContacts(ctx, (await params).id));
  const mayReset = hasPermission(ctx, "contacts:reset");

  return (
    <>
      <PageHeader
        title={client.name}
        description="Contacts who sign in for this client."
        breadcrumbs={[{ href: "/clients", label: "All Firm Clients" }]}
      />
      <Card flush>
        <Table
          caption={`Contacts of ${client.name}`}
          rows={contacts}
          rowKey={(contact) => contact.id}
          empty={<EmptyState title="This client has no contacts yet" />}
          columns={[...contactColumns(client.id), ...(mayReset ? [RESET] : [])]}
        />
      </Card>
    </>
  );
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
