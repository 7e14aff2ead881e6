import { ResetPasswordButton } from "#components/clients/reset-password-button.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table } from "#components/ui/table.tsx";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
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
          columns={[
            {
              key: "name",
              header: "Name",
              rowHeader: true,
              cell: (contact) => <span id={`name-${contact.id}`}>{contact.name}</span>,
            },
            { key: "email", header: "E-mail", cell: (contact) => contact.email ?? "No address" },
            { key: "access", header: "Access", cell: (contact) => <Access contact={contact} /> },
            ...(mayReset
              ? [
                  {
                    key: "reset",
                    header: "Reset password",
                    actions: true,
                    align: "end" as const,
                    cell: resetButton,
                  },
                ]
              : []),
          ]}
        />
      </Card>
    </>
  );
}

function Access({ contact }: { contact: Contact }) {
  if (contact.status === "disabled") return <Badge tone="warning">Disabled</Badge>;
  if (contact.federated) return <Badge tone="info">SSO</Badge>;
  return contact.lastSignInAt ? <Badge tone="success">Has signed in</Badge> : <Badge>Never signed in</Badge>;
}

/** Nothing to press for somebody who has no password here (004-02). */
function resetButton(contact: Contact) {
  if (contact.federated) return null;
  return (
    <ResetPasswordButton
      action={sendContactResetAction}
      fields={{ memberId: contact.id }}
      contactName={contact.name}
      describedBy={`name-${contact.id}`}
    />
  );
}
