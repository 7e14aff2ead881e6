import { ApiTokenOf } from "#app/(portal)/settings/api-tokens/api-token-of.tsx";
import { findApiToken } from "#lib/auth/api-tokens/get-api-token.ts";
import type { Context } from "#lib/core/context.ts";

/** The API token of the person whose record it is, for whom that is allowed (004-06, DEC13). */
export async function MemberApiToken({ ctx, memberId }: { ctx: Context; memberId: string }) {
  const description = await findApiToken(ctx, memberId);
  if (!description) return null;
  return <ApiTokenOf description={description} here={`/members/${memberId}/password-and-security`} />;
}
