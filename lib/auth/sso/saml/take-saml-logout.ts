import { withTenant } from "#db/tenant.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound, rateLimited } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { serves } from "../accept-answer.ts";
import { type Configured, findUsable, secretOf } from "../configuration.ts";
import { endLogout } from "../end-logout.ts";
import { asSigned, newMessageId, speaker } from "./own-messages.ts";
import { SamlRefusal } from "./refusal.ts";
import { serviceProvider } from "./service-provider.ts";
import { type LogoutMessage, verifyLogout } from "./verify-logout.ts";

/** Where the browser goes on to: to the provider with our answer, or nowhere. */
export type LogoutTaken = { outcome: "done"; location?: string } | { outcome: "refused"; reason: string };

/**
 * Takes what a provider says of a logout, by the browser. A request ends at once the sessions that came from those that it names,
 * once, and is answered (G9, SEC80); the answer to one of ours changes nothing any more. What does not hold is recorded.
 * @throws DomainError not_found, rate_limited
 */
export async function takeSamlLogout(
  ctx: Context,
  connectionId: string,
  message: LogoutMessage,
  relayState?: string,
): Promise<LogoutTaken> {
  const { candidates, now } = await receive(ctx, connectionId);
  if (candidates[0]?.connection.kind !== "saml") throw notFound();
  try {
    const { configured, logout } = verifyByAny(ctx, candidates, { message, now });
    if (logout.kind === "response") return { outcome: "done" };
    const { kind: _, ...named } = logout;
    const { isNew } = await endLogout(ctx, { connectionId, kind: "logout_request", ...named });
    if (!isNew) throw new SamlRefusal("replayed");
    return { outcome: "done", ...(await answerTo(ctx, configured, logout.id, relayState)) };
  } catch (error) {
    if (!(error instanceof SamlRefusal)) throw error;
    await recordRefusal(ctx, "sso.logout", error.reason, { connection: connectionId });
    return { outcome: "refused", reason: error.reason };
  }
}

/** Whoever posts such messages from one source (SEC90): anybody can, and each has to be read. */
const PER_SOURCE = { burst: 60, everySeconds: 2 };

async function receive(ctx: Context, connectionId: string) {
  const received = await withTenant(ctx.tenant.id, async (db, now) => {
    const allowance = { key: `saml:logout:${sourceOf(ctx.origin)}`, ...PER_SOURCE };
    if (!(await takeAllowances(db, [allowance]))) return undefined;
    const usable = isId(connectionId) ? await findUsable(db, connectionId, ["serving", "former"]) : [];
    return { candidates: usable.filter((one) => serves(one, now)), now };
  });
  if (received) return received;
  await recordRefusal(ctx, "sso.logout", "too_many_messages");
  throw rateLimited("too_many_messages", PER_SOURCE.everySeconds);
}

type Received = { message: LogoutMessage; now: Date };

/** Sessions may have come by the configuration before the one that serves, too. */
function verifyByAny(ctx: Context, candidates: Configured[], { message, now }: Received) {
  let refusal = new SamlRefusal("connection_not_live");
  for (const configured of candidates) {
    const { settings, connectionId } = configured.configuration;
    if (settings.kind !== "saml" || configured.connection.state !== "live") continue;
    const { logoutUrl } = serviceProvider(ctx.tenant, connectionId);
    try {
      return { configured, logout: verifyLogout(message, { settings, logoutUrl, now }) };
    } catch (error) {
      if (!(error instanceof SamlRefusal)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** Success, whoever was named: a provider learns nothing of who is signed in here. */
async function answerTo(
  { tenant }: Context,
  { connection, configuration }: Configured,
  requestId: string,
  relayState = "",
): Promise<{ location?: string }> {
  const { settings } = configuration;
  if (settings.kind !== "saml" || settings.sloUrl === undefined) return {};
  const ours = serviceProvider(tenant, connection.id);
  const saml = speaker({ settings, privateKey: secretOf(configuration), ours, id: newMessageId() });
  const request = { ID: requestId } as Parameters<typeof saml.getLogoutResponseUrlAsync>[0];
  return {
    location: asSigned(await saml.getLogoutResponseUrlAsync(request, relayState.slice(0, 80), {}, true)),
  };
}
