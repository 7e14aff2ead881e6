import { PageHeader } from "#components/layout/page-header.tsx";
import { getApiToken } from "#lib/auth/api-tokens/get-api-token.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { ApiTokenOf } from "../api-token-of.tsx";

export const metadata = { title: "API token" };

export default async function ApiTokenPage({ params }: PageProps<"/settings/api-tokens/[memberId]">) {
  const ctx = await requireContext();
  const description = await load(getApiToken(ctx, (await params).memberId));
  return (
    <>
      <PageHeader
        title={description.owner.name}
        breadcrumbs={[
          { href: "/settings", label: "Settings" },
          { href: "/settings/api-tokens", label: "API tokens" },
        ]}
      />
      <div className="max-w-3xl">
        <ApiTokenOf description={description} here={`/settings/api-tokens/${description.owner.id}`} />
      </div>
    </>
  );
}
