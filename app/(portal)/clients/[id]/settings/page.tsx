import { forbidden } from "next/navigation";
import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { type ClientRecord, getClient } from "#lib/clients/get-client.ts";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { ClientHeader } from "../client-header.tsx";
import { changeClientAction } from "./actions.ts";

export const metadata = { title: "Client settings" };

export default async function ClientSettingsPage({ params }: PageProps<"/clients/[id]/settings">) {
  const ctx = await requireContext();
  const client = await load(getClient(ctx, (await params).id));
  const [mayRename, mayDelete] = [hasPermission(ctx, "clients:manage"), hasPermission(ctx, "clients:delete")];
  if (!mayRename && !mayDelete) forbidden();
  return (
    <>
      <ClientHeader ctx={ctx} client={client} tab="/settings" />
      <div className="grid gap-6">
        {mayRename && <Name client={client} />}
        {mayDelete && <Deletion client={client} />}
      </div>
    </>
  );
}

function Name({ client: { id, name, version } }: { client: ClientRecord }) {
  return (
    <Card title="Name">
      <ActionForm action={changeClientAction} label="Name">
        <Hidden name="clientId" value={id} />
        <Hidden name="version" value={String(version)} />
        <Field
          name="name"
          label="Client name"
          hint="As the client’s own contacts know it: they see it when they sign in."
          defaultValue={name}
          maxLength={120}
          required
          unmanaged
        />
        <Submit>Save</Submit>
      </ActionForm>
    </Card>
  );
}

function Deletion({ client: { id } }: { client: ClientRecord }) {
  return (
    <Card
      title="Delete this client"
      description="Its workspace is closed to everybody. It can be restored; the next page says what happens to its contacts."
    >
      <a href={`/clients/${id}/delete`} className={buttonClass({})}>
        Delete…
      </a>
    </Card>
  );
}
