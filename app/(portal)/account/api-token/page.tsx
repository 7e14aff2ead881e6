import { ApiTokenOf } from "#app/(portal)/settings/api-tokens/api-token-of.tsx";
import { getApiToken } from "#lib/auth/api-tokens/get-api-token.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "API token" };

export default async function OwnApiTokenPage() {
  const ctx = await requireContext();
  const description = await load(getApiToken(ctx, undefined));
  return <ApiTokenOf description={description} here="/account/api-token" />;
}
