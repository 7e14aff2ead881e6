import { withTenant } from "#db/tenant.ts";
import { SECOND } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { FetchTrouble, safeFetch } from "#lib/core/safe-fetch.ts";
import { sayMoment } from "#lib/core/say-moment.ts";
import { certificatesIn, daysUntil, WARN_DAYS } from "./certificates/certificates-in.ts";
import type { ConnectionSettings, OidcSettings, SamlSettings } from "./configuration.ts";
import { configurationsOf, requireConnection } from "./connections/find-connection.ts";
import { ConnectionInput } from "./connections/input.ts";
import { DiscoveryTrouble, discover } from "./oidc/discover.ts";

/** One thing that was looked at: whether it is well, and in a sentence what was found. */
export type Check = { state: "well" | "doubtful" | "wrong"; what: string; found: string };

/**
 * Looks at a draft from here: whether its provider is there, is who it should be, and signs with what is safe enough. It
 * changes nothing, and the provider is asked by nobody but whoever may change the connection.
 * @throws DomainError not_found
 */
export const checkDraft = command({
  event: "connection.checked",
  permission: "sso:manage",
  input: ConnectionInput,
  // A provider may take seconds: no transaction waits for it.
  prepare: look,
  run: async ({ prepared: checks }, { connectionId }) => ({ connectionId, checks }),
  audit: ({ connectionId, checks }) => [
    {
      event: "connection.checked",
      targetId: connectionId,
      detail: { wrong: checks.filter(({ state }) => state === "wrong").length },
    },
  ],
});

async function look(ctx: Context, { connectionId }: { connectionId: string }): Promise<Check[]> {
  const { settings, now } = await withTenant(ctx.tenant.id, async (db, at) => {
    await requireConnection(db, connectionId);
    const { draft } = await configurationsOf(db, connectionId);
    if (!draft) throw notFound();
    return { settings: draft.settings, now: at };
  });
  return settings.kind === "oidc" ? ofOidc(settings, now) : ofSaml(settings, now);
}

async function ofOidc(settings: OidcSettings, now: Date): Promise<Check[]> {
  return [...(await ofDescription(settings)), ...(await ofKeys(settings, now))];
}

async function ofDescription(settings: OidcSettings): Promise<Check[]> {
  const what = "Description of the provider";
  try {
    const described = await discover(settings.issuer);
    const differs = (["authorizationEndpoint", "tokenEndpoint", "jwksUri"] as const).filter(
      (field) => described[field] !== settings[field],
    );
    const found =
      differs.length === 0
        ? `It is there, and names exactly the issuer ${settings.issuer}.`
        : "It names other addresses than this draft. Save the draft again to take them.";
    return [{ state: differs.length === 0 ? "well" : "doubtful", what, found }, ofAlgorithms(settings)];
  } catch (error) {
    if (!(error instanceof FetchTrouble || error instanceof DiscoveryTrouble)) throw error;
    // Typed by hand, a provider may do without one.
    return [{ state: "doubtful", what, found: error.message }, ofAlgorithms(settings)];
  }
}

function ofAlgorithms({ algorithms }: OidcSettings): Check {
  return { state: "well", what: "Algorithms", found: `Answers may be signed by ${algorithms.join(", ")}.` };
}

async function ofKeys(settings: OidcSettings, now: Date): Promise<Check[]> {
  const what = "Keys of the provider";
  try {
    const answer = await safeFetch(settings.jwksUri, { headers: { accept: "application/json" } });
    return [keysIn(await usableKeys(answer, settings)), ofClock(answer, now)];
  } catch (error) {
    if (!(error instanceof FetchTrouble)) throw error;
    return [{ state: "wrong", what, found: error.message }];
  }
}

function keysIn(number: number): Check {
  const what = "Keys of the provider";
  if (number === 0) return { state: "wrong", what, found: "There is no key that signs by these algorithms." };
  return { state: "well", what, found: number === 1 ? "There is one." : `There are ${number}.` };
}

type Jwk = { kty?: unknown; use?: unknown };

const KINDS: Record<string, RegExp> = { RSA: /^[RP]S/, EC: /^ES/, OKP: /^EdDSA$/ };

async function usableKeys(answer: Response, { algorithms }: OidcSettings): Promise<number> {
  const document = (await answer.json().catch(() => undefined)) as { keys?: Jwk[] } | undefined;
  const keys = Array.isArray(document?.keys) ? document.keys : [];
  return keys.filter(({ kty, use = "sig" }) => {
    const signs = KINDS[String(kty)];
    return use === "sig" && signs !== undefined && algorithms.some((one) => signs.test(one));
  }).length;
}

/** As far as clocks may differ before answers are refused. */
const FAR_OFF = 60 * SECOND;

/** What an answer's own date says is only as exact as a second, and as the way here is short. */
function ofClock(answer: Response, now: Date): Check {
  const what = "Clock";
  const said = new Date(answer.headers.get("date") ?? "");
  if (Number.isNaN(said.getTime())) return { state: "well", what, found: "The provider says no time." };
  const seconds = Math.round(Math.abs(said.getTime() - now.getTime()) / SECOND);
  const state = seconds * SECOND > FAR_OFF ? "wrong" : "well";
  return { state, what, found: `The provider’s clock and ours differ by ${inSeconds(seconds)}.` };
}

const inSeconds = (seconds: number) => (seconds === 1 ? "1 second" : `${seconds} seconds`);

async function ofSaml(settings: SamlSettings, now: Date): Promise<Check[]> {
  return [...ofCertificates(settings, now), ...(await ofAddress(settings, now))];
}

function ofCertificates(settings: ConnectionSettings, now: Date): Check[] {
  return certificatesIn(settings).map(({ whose, validFrom, validTo, fingerprint }) => {
    const what = whose === "own" ? "Certificate of this portal" : "Certificate of the provider";
    const named = `${fingerprint.slice(0, 8).toUpperCase()}…`;
    if (validTo <= now) return { state: "wrong", what, found: `${named} ended on ${dayOf(validTo)}.` };
    if (validFrom > now) return { state: "doubtful", what, found: `${named} begins on ${dayOf(validFrom)}.` };
    const days = daysUntil(validTo, now);
    const state = days <= WARN_DAYS[0] ? "doubtful" : "well";
    return { state, what, found: `${named} is good until ${dayOf(validTo)}, ${days} days from now.` };
  });
}

const dayOf = (at: Date) => sayMoment(at, { dateStyle: "long", timeZone: "UTC" });

/** Browsers go there and this server does not: one in a network of the firm's own is none of our business. */
async function ofAddress({ ssoUrl }: SamlSettings, now: Date): Promise<Check[]> {
  const what = "Sign-in page of the provider";
  try {
    const answer = await safeFetch(ssoUrl);
    return [{ state: "well", what, found: "It answers." }, ofClock(answer, now)];
  } catch (error) {
    if (!(error instanceof FetchTrouble)) throw error;
    if (error.code === "redirected") return [{ state: "well", what, found: "It answers." }];
    return [{ state: "doubtful", what, found: `${error.message} Browsers may still reach it.` }];
  }
}
