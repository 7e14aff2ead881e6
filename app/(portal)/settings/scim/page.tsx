import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { listDirectories } from "#lib/scim/list-directories.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { BaseAddress } from "./base-address.tsx";
import { DirectoryCard } from "./directory-card.tsx";

export const metadata = { title: "Directory sync" };

export default async function ScimPage() {
  const ctx = await requireContext();
  const { base, directories } = await load(listDirectories(ctx));
  return (
    <>
      <PageHeader
        title="Directory sync"
        description={`By SCIM 2.0 a directory such as Entra ID or Okta makes, changes and switches off the accounts of ${ctx.tenant.name} by itself.`}
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
      />
      <div className="grid gap-6">
        {directories.length === 0 ? (
          <Card>
            <EmptyState
              title="There is no connection yet"
              action={<a href="/settings/sso">Single sign-on</a>}
            >
              A directory belongs to the identity provider by which its people sign in. Connect that first.
            </EmptyState>
          </Card>
        ) : (
          <BaseAddress base={base} />
        )}
        {directories.map((directory) => (
          <DirectoryCard key={directory.id} directory={directory} />
        ))}
      </div>
    </>
  );
}
