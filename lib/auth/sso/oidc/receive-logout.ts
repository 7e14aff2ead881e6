import type { JWTPayload } from "jose";
import { withTenant } from "#db/tenant.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { serves } from "#lib/auth/sso/accept-answer.ts";
import { type Configured, findUsable } from "#lib/auth/sso/configuration.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { isId } from "#lib/core/ids.ts";
import { endLogout, type LogoutNotice } from "../end-logout.ts";
import { OidcTrouble } from "./oidc-trouble.ts";
import { isPlainText } from "./read-claims.ts";
import { verifyToken } from "./verify-token.ts";

/** A logout is sent when it happens; an older one may be somebody's copy. */
const OLDEST = 5 * MINUTE;

const EVENT = "http://schemas.openid.net/event/backchannel-logout";

/**
 * A provider says, without a browser, that somebody's session there is over (OpenID Connect Back-Channel Logout, SEC71): those
 * that came from it end at once. Whoever sends it is nobody; the token says everything. Refusals are recorded, a flood of
 * them once a minute.
 */
export async function receiveLogout(
  ctx: Context,
  connectionId: string,
  token: string,
): Promise<{ outcome: "done" } | { outcome: "refused"; reason: string }> {
  const known = isId(connectionId) ? { connection: connectionId } : undefined;
  try {
    const notice = await readNotice(ctx, connectionId, token);
    const { isNew } = await endLogout(ctx, notice);
    if (!isNew) throw new OidcTrouble("logout_token_spent");
    return { outcome: "done" };
  } catch (error) {
    if (!(error instanceof OidcTrouble)) throw error;
    await recordRefusal(ctx, "sso.logout", error.reason, { ...error.detail, ...known });
    return { outcome: "refused", reason: error.reason };
  }
}

async function readNotice(ctx: Context, connectionId: string, token: string): Promise<LogoutNotice> {
  const { candidates, now } = await configurationsOf(ctx, connectionId);
  let trouble = new OidcTrouble("connection_not_live");
  for (const configured of candidates) {
    try {
      return noticeOf(connectionId, await verified(configured, now, token));
    } catch (error) {
      if (!(error instanceof OidcTrouble)) throw error;
      trouble = error;
    }
  }
  throw trouble;
}

/** Sessions may have come by the configuration before the one that serves, too. */
function configurationsOf(ctx: Context, connectionId: string) {
  return withTenant(ctx.tenant.id, async (db, now) => {
    const usable = isId(connectionId) ? await findUsable(db, connectionId, ["former", "serving"]) : [];
    const candidates = usable.filter((one) => one.connection.state === "live" && serves(one, now));
    return { candidates, now };
  });
}

async function verified(configured: Configured, now: Date, token: string): Promise<JWTPayload> {
  const { settings } = configured.configuration;
  if (settings.kind !== "oidc") throw new OidcTrouble("connection_not_live");
  return verifyToken(configured, settings, now, {
    ...{ name: "logout_token", token },
    types: ["logout+jwt"],
    required: ["iat", "jti", "events"],
    oldestSeconds: OLDEST / SECOND,
  });
}

function noticeOf(connectionId: string, claims: JWTPayload): LogoutNotice {
  const { sub, sid, jti, nonce, events } = claims;
  // With a nonce it would be an ID token that somebody passes off as a logout, or the other way round.
  if (nonce !== undefined) throw new OidcTrouble("logout_token_nonce");
  if (!isLogout(events)) throw new OidcTrouble("logout_token_event");
  if (!isPlainText(jti, 1000)) throw new OidcTrouble("logout_token_id");
  const named = [sub, sid].filter((one) => one !== undefined);
  if (named.length === 0 || !named.every((one) => isPlainText(one, 1024))) {
    throw new OidcTrouble("logout_token_names_nobody");
  }
  return {
    ...{ connectionId, kind: "logout_token" as const, id: jti },
    ...(sub !== undefined && { subject: sub }),
    ...(sid !== undefined && { providerSessions: [sid as string] }),
  };
}

function isLogout(events: unknown): boolean {
  if (typeof events !== "object" || events === null || !Object.hasOwn(events, EVENT)) return false;
  const event: unknown = (events as Record<string, unknown>)[EVENT];
  return typeof event === "object" && event !== null && !Array.isArray(event);
}
