import "server-only";
import { startOidc } from "#lib/auth/authjs/start-oidc.ts";
import type { Configured } from "#lib/auth/sso/configuration.ts";
import type { Flow } from "#lib/auth/sso/flows.ts";
import { allowSsoStart } from "#lib/auth/sso/sign-in-connections.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { leaveFor } from "./leave-for.ts";
import { localPath } from "./local-path.ts";

type Leaving = { next: unknown; purpose: Flow["purpose"]; memberId?: string };

/** Sends somebody to an identity provider, whichever protocol it speaks, with what the browser has to bring back. */
export async function startSso(ctx: Context, configured: Configured, leaving: Leaving): Promise<Response> {
  try {
    await allowSsoStart(ctx);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return failed("busy");
  }
  const { kind, name } = configured.connection;
  const wanted = { ...leaving, next: localPath(leaving.next) };
  if (kind !== "oidc") return failed("not_offered");
  const { location, cookies } = await startOidc(ctx, configured, wanted);
  return leaveFor(name, { location }, cookies);
}

function failed(why: string): Response {
  return new Response(null, { status: 303, headers: { location: `/sso/failed?why=${why}` } });
}
