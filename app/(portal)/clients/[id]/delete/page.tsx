import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { describeClientDeletion } from "#lib/clients/describe-client-deletion.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { deleteClientAction } from "./actions.ts";

export const metadata = { title: "Delete client" };

/** What happens is said before it does. */
export default async function DeleteClientPage({ params }: PageProps<"/clients/[id]/delete">) {
  const ctx = await requireContext();
  const { id, name, contacts, withoutAnother } = await load(describeClientDeletion(ctx, (await params).id));
  return (
    <>
      <PageHeader
        title={`Delete ${name}?`}
        breadcrumbs={[
          { href: "/clients", label: "All Firm Clients" },
          { href: `/clients/${id}`, label: name },
        ]}
      />
      <Card>
        <ul className="mb-6 grid max-w-prose list-disc gap-2 ps-5">
          <li>Its workspace is closed at once, to the firm’s staff and to the client’s contacts.</li>
          <li>{aboutContacts(contacts)}</li>
          {withoutAnother !== 0 && <li>{aboutOthers(withoutAnother)}</li>}
          <li>Its name stays reserved, and the client can be restored with all of this.</li>
        </ul>
        <ActionForm action={deleteClientAction} label="Delete this client">
          <Hidden name="clientId" value={id} />
          <div className="form-actions">
            <Submit tone="danger">Delete Client</Submit>
            <a href={`/clients/${id}`} className={buttonClass({})}>
              Keep it
            </a>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}

function aboutContacts(contacts: number): string {
  if (contacts === 0) return "It has no contacts.";
  if (contacts === 1) return "Its contact stays: the account is neither disabled nor deleted.";
  return `Its ${sayCounted(contacts)} contacts stay: no account is disabled or deleted.`;
}

function aboutOthers(people: number | undefined): string {
  if (people === undefined)
    return "Those of them who belong to no other client have nothing to enter from then on.";
  if (people === 1) return "One of them belongs to no other client, and has nothing to enter from then on.";
  return `${people} of them belong to no other client, and have nothing to enter from then on.`;
}
