import { ApiTokenCard } from "#components/api-tokens/api-token-card.tsx";
import type { ApiTokenDescription } from "#lib/auth/api-tokens/get-api-token.ts";
import { generateApiTokenAction, revokeApiTokenAction } from "./actions.ts";
import { SCOPE_PREFIX } from "./typed-wish.ts";

/** One person's API token, on whichever page it stands. */
export function ApiTokenOf({ description, here }: { description: ApiTokenDescription; here: string }) {
  return (
    <ApiTokenCard
      {...description}
      scopePrefix={SCOPE_PREFIX}
      here={here}
      generate={generateApiTokenAction}
      revoke={revokeApiTokenAction}
    />
  );
}
