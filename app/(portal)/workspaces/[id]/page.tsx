import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";

export const metadata = { title: "Workspace" };

export default async function WorkspacePage({ params }: PageProps<"/workspaces/[id]">) {
  const ctx = await requireContext();
  const workspace = await load(getWorkspace(ctx, (await params).id));
  const seesAll = hasPermission(ctx, "clients:read");
  return (
    <>
      <PageHeader
        title={workspace.clientName}
        description={`Workspace with ${ctx.tenant.name}`}
        breadcrumbs={
          seesAll ? [{ href: "/workspaces", label: "All workspaces" }] : [{ href: "/", label: "Start" }]
        }
      />
      <Card title="Contacts" description="Who enters this workspace for the client.">
        <ul className="grid gap-2">
          {workspace.contacts.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
        {seesAll && (
          <p className="mt-4">
            <a href={`/clients/${workspace.clientId}/contacts`}>Manage contacts</a>
          </p>
        )}
      </Card>
    </>
  );
}
