import { ActionForm } from "#components/form/action-form.tsx";
import { AskBeforeLeaving } from "#components/form/ask-before-leaving.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { describeNewMember } from "#lib/members/describe-new-member.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { createMemberAction } from "../../members/new/actions.ts";
import { InviteTick, NewMemberFields } from "../../members/new/new-member-fields.tsx";
import { ClientTicks } from "./client-ticks.tsx";

export const metadata = { title: "Add contact" };

/** A contact belongs to one client or several (001-14). From a client's page that client is chosen already. */
export default async function NewContactPage({ searchParams }: PageProps<"/contacts/new">) {
  const ctx = await requireContext();
  const { clients, mayInvite } = await load(describeNewMember(ctx, "contact"));
  const { client } = await searchParams;
  return (
    <>
      <PageHeader
        title="Add contact"
        description="Somebody who signs in for a client."
        breadcrumbs={[{ href: "/contacts", label: "Contacts" }]}
      />
      <Card>
        {clients.length === 0 ? (
          <EmptyState
            title="There is no client yet"
            action={hasPermission(ctx, "clients:manage") && <a href="/clients/new">Create a client first</a>}
          >
            A contact is somebody who signs in for a client.
          </EmptyState>
        ) : (
          <ActionForm action={createMemberAction} label="Add contact">
            <Hidden name="kind" value="contact" />
            <NewMemberFields />
            <ClientTicks clients={clients} chosen={typeof client === "string" ? client : undefined} />
            {mayInvite && <InviteTick />}
            <AskBeforeLeaving />
            <div className="form-actions">
              <Submit>Add contact</Submit>
              <a href="/contacts">Cancel</a>
            </div>
          </ActionForm>
        )}
      </Card>
    </>
  );
}
