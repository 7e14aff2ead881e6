import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { describeNewClient } from "#lib/clients/describe-new-client.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { createClientAction } from "./actions.ts";

export const metadata = { title: "Create Client" };

export default async function NewClientPage() {
  const { assignsAuthor } = await load(describeNewClient(await requireContext()));
  return (
    <>
      <PageHeader
        title="Create Client"
        description={`The client gets a workspace at once${assignsAuthor ? ", and you are assigned to it" : ""}. Its contacts and staff come next.`}
        breadcrumbs={[{ href: "/clients", label: "All Firm Clients" }]}
      />
      <Card>
        <ActionForm action={createClientAction} label="Create Client">
          <Field
            name="name"
            label="Client name"
            hint="As the client’s own contacts know it: they see it when they sign in."
            maxLength={120}
            required
            unmanaged
          />
          <div className="form-actions">
            <Submit>Create Client</Submit>
            <a href="/clients" className={buttonClass({})}>
              Cancel
            </a>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
