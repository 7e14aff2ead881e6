import type { NextRequest } from "next/server";
import NextAuth, { type NextAuthConfig } from "next-auth";
import { withTenant } from "#db/tenant.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { cookieLine } from "#lib/auth/session/session-cookie.ts";
import { completeSsoSignIn, type SsoOutcome } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { type Configured, findConfiguration, type OidcSettings } from "#lib/auth/sso/configuration.ts";
import { findFlow } from "#lib/auth/sso/flows.ts";
import { OidcTrouble } from "#lib/auth/sso/oidc/oidc-trouble.ts";
import { readAnswer } from "#lib/auth/sso/oidc/read-answer.ts";
import { refuseSso, type SsoRefusal } from "#lib/auth/sso/refuse-sso.ts";
import type { UpstreamIdentity } from "#lib/auth/sso/upstream-identity.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { troubleOfAuthjs } from "./callback-trouble.ts";
import { troubleWithState } from "./check-state.ts";
import { CHECK_COOKIES, configFor, onFirmOrigin } from "./config.ts";
import { oidcProvider } from "./oidc-provider.ts";
import { SSO_FLOW_COOKIE } from "./start-oidc.ts";

/** Gives the browser what has come of a sign-in, and says where to go on to. Cookies are the caller's trade (HR3). */
export type Finish = (outcome: SsoOutcome | SsoRefusal) => Promise<string>;

const USED_UP = [SSO_FLOW_COOKIE, ...CHECK_COOKIES];

type Arrival = { configured: Configured; settings: OidcSettings; flowToken: string; now: Date };

/**
 * Somebody comes back from a provider. What they left with says under which configuration their answer is judged: the flow
 * of this browser, at this firm and this connection, or none (SEC64). No connection to the database is held while the
 * provider is asked (REL14). An answer without the state that this browser has left with may be any page's: it uses up nothing.
 */
export async function answerCallback(
  ctx: Context,
  request: NextRequest,
  connectionId: string,
  finish: Finish,
): Promise<Response> {
  const arrival = request.method === "GET" ? await findArrival(ctx, request, connectionId) : undefined;
  if (!arrival) return refuseStranger(ctx, connectionId, finish);
  const foreign = await troubleWithState(request, connectionId);
  if (foreign) {
    const { reason, detail } = foreign;
    return goOn(await finish(await refuseSso(ctx, { connectionId, reason, detail })), []);
  }
  const result = await judge(ctx, request, arrival);
  if (!(result instanceof OidcTrouble)) return goOn(await finish(result), USED_UP);
  const { reason, detail } = result;
  const { flowToken } = arrival;
  return goOn(await finish(await refuseSso(ctx, { connectionId, flowToken, reason, detail })), USED_UP);
}

async function findArrival(
  ctx: Context,
  request: NextRequest,
  connectionId: string,
): Promise<Arrival | undefined> {
  const flowToken = request.cookies.get(SSO_FLOW_COOKIE)?.value;
  if (!flowToken || !isId(connectionId)) return undefined;
  return withTenant(ctx.tenant.id, async (db, now) => {
    const flow = await findFlow(db, now, { token: flowToken, connectionId });
    const configured = flow && (await findConfiguration(db, flow));
    const settings = configured?.configuration.settings;
    return configured && settings?.kind === "oidc" ? { configured, settings, flowToken, now } : undefined;
  });
}

/**
 * Nothing that this browser has begun. Other people's pages can send anybody here, so it ends nothing that may be under way,
 * and a flood of it is one event.
 */
async function refuseStranger(ctx: Context, connectionId: string, finish: Finish): Promise<Response> {
  const reason = "no_sign_in_begun";
  const known = isId(connectionId) ? { connection: connectionId } : undefined;
  await recordRefusal({ ...ctx, actor: undefined, pending: undefined }, "sso", reason, known);
  return goOn(await finish({ outcome: "refused", reason, connectionId }), []);
}

async function judge(
  ctx: Context,
  request: NextRequest,
  arrival: Arrival,
): Promise<SsoOutcome | OidcTrouble> {
  const trouble = troubleWithParameters(request.nextUrl.searchParams, arrival.settings);
  if (trouble) return trouble;
  const seen: Seen = {};
  await NextAuth(configOf(ctx, arrival, seen)).handlers.GET(onFirmOrigin(ctx, request));
  if (seen.outcome) return seen.outcome;
  if (seen.fault instanceof DomainError) return new OidcTrouble(seen.fault.code);
  const found = seen.error && troubleOfAuthjs(seen.error, request.nextUrl.searchParams);
  if (!found)
    throw seen.fault ?? seen.error ?? new Error("Auth.js has neither accepted nor refused an answer.");
  return found;
}

/** What happens inside Auth.js, which itself only says where the browser is to go. */
type Seen = { identity?: UpstreamIdentity; outcome?: SsoOutcome; error?: Error; fault?: unknown };

function configOf(ctx: Context, arrival: Arrival, seen: Seen): NextAuthConfig {
  const { configured, settings, flowToken, now } = arrival;
  const provider = oidcProvider(configured, settings, async (answer) => {
    seen.identity = await readAnswer(configured, settings, now, answer);
  });
  const config = configFor(ctx, {
    providers: [provider],
    callbacks: {
      async signIn({ account }) {
        const { identity } = seen;
        if (!identity || account?.providerAccountId !== identity.subject) return false;
        try {
          seen.outcome = await completeSsoSignIn(ctx, { identity, flowToken });
        } catch (error) {
          seen.fault = error;
          throw error;
        }
        return "/";
      },
    },
  });
  const error = (first: Error) => {
    seen.error ??= first;
  };
  return { ...config, logger: { ...config.logger, error } };
}

/** Each says one thing, once, as the state has been seen to; and an answer that names its issuer names this one (RFC 9207, SEC65). */
const PARAMETERS = ["code", "iss", "error"] as const;

function troubleWithParameters(sent: URLSearchParams, settings: OidcSettings): OidcTrouble | undefined {
  if (PARAMETERS.some((name) => sent.getAll(name).length > 1)) return new OidcTrouble("answer_repeated");
  const issuer = sent.get("iss");
  if (issuer === null) return settings.issInAnswers ? new OidcTrouble("answer_issuer_missing") : undefined;
  return issuer === settings.issuer ? undefined : new OidcTrouble("answer_issuer");
}

/** Auth.js's own answer is not used: of its cookies only those that are used up are left, and they go. */
function goOn(path: string, used: readonly string[]): Response {
  const headers = new Headers({ location: path, "cache-control": "no-store" });
  for (const name of used) headers.append("set-cookie", cookieLine(name, ""));
  return new Response(null, { status: 303, headers });
}
