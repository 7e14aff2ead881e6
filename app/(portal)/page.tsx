import { Building2, LayoutGrid } from "lucide-react";
import { PageHeader } from "#components/layout/page-header.tsx";
import { PlaceList } from "#components/layout/place-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { listMyWorkspaces } from "#lib/workspaces/list-my-workspaces.ts";

export const metadata = { title: "Start" };

/** Where this person may go: the firm as its staff, the clients as their contact (002-03). */
export default async function LandingPage() {
  const ctx = await requireContext();
  const workspaces = await load(listMyWorkspaces(ctx));
  const firms = hasPermission(ctx, "clients:read")
    ? [
        {
          href: "/workspaces",
          name: ctx.tenant.name,
          detail: `Firm · ${ctx.actor.groupName}`,
          icon: <Building2 />,
        },
      ]
    : [];
  const clients = workspaces.map(({ workspaceId, clientName }) => ({
    href: `/workspaces/${workspaceId}`,
    name: clientName,
    detail: `Client of ${ctx.tenant.name}`,
    icon: <LayoutGrid />,
  }));

  return (
    <>
      <PageHeader title={`Welcome, ${ctx.actor.name}`} description="Choose where you want to go." />
      <div className="grid gap-8">
        {clients.length > 0 && <PlaceList label="Clients" places={clients} />}
        {firms.length > 0 && <PlaceList label="Firms" places={firms} />}
        {clients.length + firms.length === 0 && (
          <EmptyState title="There is nothing for you to enter yet">
            Your firm has not given this account a workspace. Ask its administrator for one.
          </EmptyState>
        )}
      </div>
    </>
  );
}
