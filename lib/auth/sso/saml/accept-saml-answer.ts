import * as z from "zod";
import { spentMessages } from "#db/schema/connections.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { notFound, rateLimited } from "#lib/core/errors.ts";
import { parse } from "#lib/core/parse.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { serves } from "../accept-answer.ts";
import { completeSsoSignIn, type SsoOutcome } from "../complete-sso-sign-in.ts";
import { type Configured, findConfiguration, findUsable, secretOf } from "../configuration.ts";
import { countFailure } from "../count-outcome.ts";
import { type Flow, findFlow } from "../flows.ts";
import { refuseSso, type SsoRefusal } from "../refuse-sso.ts";
import type { UpstreamIdentity } from "../upstream-identity.ts";
import { couldBeReplayedUntil } from "./check-assertion.ts";
import { attributeOf } from "./elements.ts";
import type { ReadAssertion } from "./read-assertion.ts";
import { readPosted, type Xml } from "./read-xml.ts";
import { SamlRefusal } from "./refusal.ts";
import { isOwnState, looksLikeRelayState } from "./relay-state.ts";
import { serviceProvider } from "./service-provider.ts";
import { verifyResponse } from "./verify-response.ts";

const Posted = z.object({
  connectionId: z.uuid(),
  samlResponse: z.string().max(1024 * 1024),
  relayState: z.string().max(2000).default(""),
  /** From the cookie of the browser that brings it. */
  flowToken: z.string().max(200).optional(),
});

/** Whoever posts answers from one source (SEC90): reading one costs more than most requests do. */
const PER_SOURCE = { burst: 100, everySeconds: 1 };

/** Those of them that nobody here has asked for: anybody can post them. A whole office that comes by its provider's page fits. */
const UNASKED = { burst: 40, everySeconds: 3 };

/**
 * Takes an answer that a provider has sent by the browser. Everything about it is verified, its assertion is used up, and then
 * it ends as any sign-in at a provider does. Whatever does not hold is refused with its reason (G2, SEC73-SEC79).
 * @throws DomainError not_found, rate_limited
 */
export async function acceptSamlAnswer(ctx: Context, input: unknown): Promise<SsoOutcome | SsoRefusal> {
  const posted = await receive(ctx, parse(Posted, input));
  const { connectionId, flowToken } = posted;
  // Only whoever has the flow's own state may end the flow: another site can send answers too, and the cookie comes along.
  const flow = flowToken && posted.flow ? { flowToken } : {};
  try {
    const { identity, spent, failed: refusedBefore } = verify(ctx, posted);
    // With a flow the end of the sign-in says what its configuration has failed at, once.
    const failed = posted.flow ? [] : refusedBefore;
    if (!(await spendAssertion(ctx, { connectionId, spent, failed })))
      // The flow is the first one's, who may be under way.
      return await refuseSso(ctx, { connectionId, reason: "replayed" });
    const outcome = await completeSsoSignIn(ctx, { identity, ...flow });
    return posted.flow ? outcome : goingTo(outcome, posted.relayState);
  } catch (error) {
    if (!(error instanceof SamlRefusal)) throw error;
    const { reason, detail } = error;
    return refuseSso(ctx, { connectionId, ...flow, reason, detail: detail ? { detail } : {} });
  }
}

/** Where an answer that nobody asked for may lead: the provider wrote it, or whoever sent the link (SEC78). */
const TARGETS = new Set(["/workspaces", "/clients", "/contacts", "/members", "/account/profile"]);

function goingTo(outcome: SsoOutcome, relayState: string): SsoOutcome {
  return "next" in outcome && TARGETS.has(relayState) ? { ...outcome, next: relayState } : outcome;
}

type Received = z.output<typeof Posted> & {
  candidates: Configured[];
  flow: Flow | undefined;
  now: Date;
};

/** What an answer is to be held against: who may have signed it, and what this browser has asked. */
async function receive(ctx: Context, posted: z.output<typeof Posted>): Promise<Received> {
  const received = await withTenant(ctx.tenant.id, async (db, now) => {
    const source = sourceOf(ctx.origin);
    if (!(await takeAllowances(db, [{ key: `saml:answer:${source}`, ...PER_SOURCE }]))) return undefined;
    const flow = await findOwnFlow(db, now, posted);
    const unasked = { key: `saml:unasked:${source}`, ...UNASKED };
    if (!flow && !(await takeAllowances(db, [unasked]))) return undefined;
    const candidates = await findCandidates(db, now, posted.connectionId, flow);
    return { ...posted, candidates, flow, now };
  });
  if (!received) {
    await recordRefusal(ctx, "sso", "too_many_answers");
    throw rateLimited("too_many_answers", PER_SOURCE.everySeconds);
  }
  if (received.candidates[0]?.connection.kind !== "saml") throw notFound();
  return received;
}

/** The flow of the cookie, if the answer's state is its own. */
async function findOwnFlow(
  db: TenantDb,
  now: Date,
  { connectionId, flowToken: token, relayState }: z.output<typeof Posted>,
): Promise<Flow | undefined> {
  if (!isOwnState(token, relayState)) return undefined;
  return findFlow(db, now, { token, connectionId });
}

/** A test is of one configuration. Else the one that serves is tried first, then the one before it, while it may (DEC19). */
async function findCandidates(
  db: TenantDb,
  now: Date,
  connectionId: string,
  flow: Flow | undefined,
): Promise<Configured[]> {
  if (flow?.purpose === "test") {
    const tested = await findConfiguration(db, { connectionId, configurationId: flow.configurationId });
    return tested ? [tested] : [];
  }
  const usable = await findUsable(db, connectionId, ["serving", "former"]);
  return usable
    .filter((configured) => serves(configured, now))
    .sort((one, other) => other.configuration.role.localeCompare(one.configuration.role));
}

type Verified = {
  identity: UpstreamIdentity;
  spent: string;
  /** Of configurations that came first and would have refused it. */
  failed: { configurationId: string; reason: string }[];
};

function verify(ctx: Context, received: Received): Verified {
  const [first] = received.candidates;
  const isTest = received.flow?.purpose === "test";
  if (!isTest && first?.connection.state !== "live") throw new SamlRefusal("connection_not_live");
  requireMayBeUnasked(received);
  const answer = readPosted(received.samlResponse);
  requireUnasked(received, answer);
  const failed: (Verified["failed"][number] & { error: SamlRefusal })[] = [];
  for (const configured of received.candidates) {
    const configurationId = configured.configuration.id;
    try {
      const { assertionId, ...read } = verifyUnder(ctx, received, { configured, answer });
      const { connectionId } = received;
      return { identity: { connectionId, configurationId, ...read }, spent: assertionId, failed };
    } catch (error) {
      if (!(error instanceof SamlRefusal)) throw error;
      failed.push({ configurationId, reason: error.reason, error });
    }
  }
  throw failed[0]?.error ?? new SamlRefusal("connection_not_live");
}

/** An answer that this browser has not asked for, and whether that may be (S6, G8): refused before anything reads it. */
function requireMayBeUnasked({ flow, flowToken, relayState, candidates }: Received): void {
  if (flow || candidates.some(({ connection }) => connection.allowsUnsolicited)) return;
  if (flowToken) throw new SamlRefusal("wrong_relay_state");
  throw new SamlRefusal(looksLikeRelayState(relayState) ? "no_sign_in_begun" : "unsolicited");
}

/** What some browser has asked for is not what nobody has asked for. */
function requireUnasked({ flow, flowToken }: Received, { root }: Xml): void {
  if (flow || attributeOf(root, "InResponseTo") === undefined) return;
  throw new SamlRefusal(flowToken ? "wrong_relay_state" : "no_sign_in_begun");
}

function verifyUnder(
  { tenant }: Context,
  { connectionId, flow, now }: Received,
  { configured, answer }: { configured: Configured; answer: Xml },
): ReadAssertion {
  const { settings } = configured.configuration;
  if (settings.kind !== "saml") throw notFound();
  const { entityId: audience, acsUrl } = serviceProvider(tenant, connectionId);
  const privateKey = () => secretOf(configured.configuration);
  const requestId = flow?.requestId ?? undefined;
  return verifyResponse(answer, {
    settings,
    privateKey,
    provider: settings.entityId,
    audience,
    acsUrl,
    requestId,
    now,
  });
}

type Spent = { connectionId: string } & Pick<Verified, "spent" | "failed">;

/** Of any number of answers with one assertion, on any number of processes, one gets true (SEC77, REL5). */
function spendAssertion(ctx: Context, { connectionId, spent, failed }: Spent): Promise<boolean> {
  return withTenant(ctx.tenant.id, async (db, now) => {
    const message = { connectionId, kind: "assertion" as const, messageHash: sha256(spent) };
    const rows = await db
      .insert(spentMessages)
      .values({ ...message, expiresAt: couldBeReplayedUntil(now) })
      .onConflictDoNothing()
      .returning({ connectionId: spentMessages.connectionId });
    if (rows.length === 0) return false;
    // What the former one has saved is still a failure of the one that took its place (G4).
    for (const failure of failed) await countFailure(db, { ...ctx, now }, failure);
    return true;
  });
}
