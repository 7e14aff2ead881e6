import { PageHeader } from "#components/layout/page-header.tsx";
import { TabRow } from "#components/layout/tab-row.tsx";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";

type ClientHeaderProps = {
  ctx: Context;
  client: { id: string; name: string };
  tab: "" | "/contacts" | "/staff" | "/settings";
  description?: string;
};

/** The head of a client's pages, with those of them that the reader may open. */
export function ClientHeader({ ctx, client: { id, name }, tab, description }: ClientHeaderProps) {
  const path = `/clients/${id}`;
  const changes = hasPermission(ctx, "clients:manage") || hasPermission(ctx, "clients:delete");
  return (
    <>
      <PageHeader
        title={name}
        description={description}
        breadcrumbs={[{ href: "/clients", label: "All Firm Clients" }]}
      />
      <TabRow
        label={name}
        currentPath={path + tab}
        tabs={[
          { href: path, label: "Overview" },
          { href: `${path}/contacts`, label: "Contacts" },
          { href: `${path}/staff`, label: "Staff" },
          ...(changes ? [{ href: `${path}/settings`, label: "Settings" }] : []),
        ]}
      />
    </>
  );
}
