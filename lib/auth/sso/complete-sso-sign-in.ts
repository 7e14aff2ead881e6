import * as z from "zod";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import type { Signal } from "#lib/policy/risk.ts";
import { findProvisionedMember } from "#lib/scim/find-provisioned-member.ts";
import { directoryGroupsOf } from "#lib/scim/groups/names-of-groups.ts";
import { acceptAnswer, noteTest } from "./accept-answer.ts";
import type { Configured, Connection } from "./configuration.ts";
import { countFailure, countSuccess } from "./count-outcome.ts";
import { createFromProvider, refreshProfile } from "./create-from-provider.ts";
import { describeTest } from "./describe-test.ts";
import { federateMember } from "./federate-member.ts";
import { findByTrustedDomain, findIdentity, findLinkedMember, vouchedAddress } from "./find-linked-member.ts";
import type { Flow } from "./flows.ts";
import { requestLink } from "./link-requests.ts";
import { lockSubject } from "./lock-subject.ts";
import { groupWanted, mapGroup, type ReadMapping, readMapping } from "./map-group.ts";
import { startSsoSession } from "./start-sso-session.ts";
import { UpstreamIdentity } from "./upstream-identity.ts";

/** Answers from one source, right or wrong (SEC14). A signature cannot be guessed: this spares the work. */
const PER_SOURCE = { burst: 300, everySeconds: 1 };

const Answer = z.object({
  identity: UpstreamIdentity,
  /** What the browser has kept since it left for the provider; none for an answer that nobody asked for. */
  flowToken: z.string().max(200).optional(),
});

export type SsoOutcome =
  | {
      outcome: "signed_in" | "duty";
      memberId: string;
      connectionId: string;
      session: StartedSession;
      signals: Signal[];
      next: string;
    }
  | { outcome: "link"; connectionId: string; linkToken: string; next: string }
  | { outcome: "tested"; connectionId: string; flowId: string }
  | { outcome: "refused"; memberId?: string; connectionId: string; reason: string };

/**
 * Ends a sign-in at an identity provider, whose answer has been verified by its protocol: finds the member by (connection,
 * subject) and nothing else, maps, and starts the session. Somebody new is refused, asked which account is theirs, or given
 * one, as the firm has said for the connection (G6, G7). Every refusal is recorded with its reason.
 * @throws DomainError invalid, rate_limited
 */
export const completeSsoSignIn = command({
  event: "sign_in",
  permission: "anyone",
  input: Answer,
  async run({ db, ctx }, { identity, flowToken }): Promise<SsoOutcome> {
    const allowance = { key: `sign-in:sso:${sourceOf(ctx.origin)}`, ...PER_SOURCE };
    if (!(await takeAllowances(db, [allowance])))
      throw rateLimited("too_many_sign_ins", PER_SOURCE.everySeconds);
    const { connectionId } = identity;
    // Before anything is read: a connection that is retired in between would be live to what follows.
    await lockSubject(db, identity);
    const answer = await acceptAnswer(db, ctx, identity, flowToken);
    if (!answer.accepted) return { outcome: "refused", connectionId, reason: answer.reason };
    const { configured, flow } = answer;
    if (flow?.purpose === "test") {
      await noteTest(db, ctx, flow, await describeTest(db, configured.connection, identity));
      return { outcome: "tested", connectionId, flowId: flow.id };
    }
    const outcome = await signIn(db, ctx, configured, { identity, flow });
    // What the one before had to serve, the one that serves has failed at: the provider itself has vouched for it (G4).
    if (flow && flow.configurationId !== configured.configuration.id) {
      await countFailure(db, ctx, { configurationId: flow.configurationId, reason: "served_by_former" });
    }
    return outcome;
  },
  audit: eventsOf,
});

type Arrival = { identity: UpstreamIdentity; flow: Flow | undefined };

async function signIn(
  db: TenantDb,
  ctx: RunContext,
  { connection, configuration }: Configured,
  { identity: said, flow }: Arrival,
): Promise<SsoOutcome> {
  const connectionId = connection.id;
  const next = flow?.next ?? "/";
  const identity = await withDirectory(db, connection, said);
  const mapping = await readMapping(db, connection, identity);
  // Whoever's session lies in the browser has no part in what follows, until it is ended for the new one.
  const visitor = { ...ctx, actor: undefined, pending: undefined };
  const wanted = { connection, identity, mapping, solicited: flow !== undefined };
  const found = await findOrAdmit(db, visitor, wanted);
  if (found.outcome === "refused") return { ...found, connectionId };
  if (found.outcome === "unknown") {
    const linkToken = await requestLink(db, ctx.now, identity);
    return { outcome: "link", connectionId, linkToken, next };
  }
  const { member } = found;
  const { groups } = identity.claims;
  if (!(await mapGroup(db, visitor, member, { mapping, groups }))) {
    return { outcome: "refused", memberId: member.id, connectionId, reason: "no_group" };
  }
  const started = await startSsoSession(db, ctx, member, identity);
  if (started.outcome === "refused") return { ...started, connectionId };
  await countSuccess(db, configuration.id);
  return { ...started, connectionId, next };
}

type Wanted = {
  connection: Connection;
  identity: UpstreamIdentity;
  mapping: ReadMapping;
  solicited: boolean;
};

type Found =
  | { outcome: "found"; member: Member }
  /** Nobody yet: which account is theirs, they may say and prove. */
  | { outcome: "unknown" }
  | { outcome: "refused"; memberId?: string; reason: string };

async function findOrAdmit(db: TenantDb, ctx: RunContext, wanted: Wanted): Promise<Found> {
  const { connection, identity, mapping } = wanted;
  const member = await findLinkedMember(db, connection, identity.subject);
  if (!member) return admit(db, ctx, wanted);
  // Whom somebody here has unlinked comes back by an own sign-in and in no other way.
  if (member.connectionId !== connection.id) return askWhose(wanted);
  const reason = whyOut(member) ?? whyUnmapped(member, mapping, identity);
  if (reason) return { outcome: "refused", memberId: member.id, reason };
  const address = await vouchedAddress(db, connection, identity.claims);
  await refreshProfile(db, ctx, member, { name: identity.claims.name, address });
  return { outcome: "found", member };
}

/** Nothing of an account changes by a sign-in that it cannot have. */
function whyOut({ status, frozenAt }: Member): string | undefined {
  if (frozenAt !== null) return "frozen";
  return status === "disabled" ? "disabled" : undefined;
}

function whyUnmapped(member: Member, mapping: ReadMapping, { claims }: UpstreamIdentity): string | undefined {
  return groupWanted(member, mapping, claims.groups) === undefined ? "no_group" : undefined;
}

function askWhose({ connection, solicited }: Wanted): Found {
  if (!solicited) return { outcome: "refused", reason: "unsolicited_stranger" };
  return connection.firstSignIn === "refuse"
    ? { outcome: "refused", reason: "not_known_here" }
    : { outcome: "unknown" };
}

/** Somebody whom this firm has not seen by this connection before. */
async function admit(
  db: TenantDb,
  ctx: RunContext,
  { connection, identity, mapping, solicited }: Wanted,
): Promise<Found> {
  // Whoever sends an answer into another person's browser must not choose an account for it (INC20, G8).
  if (!solicited) return { outcome: "refused", reason: "unsolicited_stranger" };
  const { subject, claims } = identity;
  const known = await findKnown(db, { connection, identity });
  if (known) {
    const reason = whyOut(known.member) ?? whyUnmapped(known.member, mapping, identity);
    if (reason) return { outcome: "refused", memberId: known.member.id, reason };
    await federateMember(db, ctx, known.member, { connection, subject, by: known.by });
    return { outcome: "found", member: { ...known.member, connectionId: connection.id } };
  }
  if (connection.firstSignIn === "refuse") return { outcome: "refused", reason: "not_known_here" };
  if (connection.firstSignIn === "link") return { outcome: "unknown" };
  const address = await vouchedAddress(db, connection, claims);
  const created = await createFromProvider(db, { claims, address, mapping });
  if (created.outcome === "address_taken") return { outcome: "unknown" };
  if (created.outcome === "no_group") return { outcome: "refused", reason: "no_group" };
  await federateMember(db, ctx, created.member, { connection, subject, by: "created" });
  return { outcome: "found", member: { ...created.member, connectionId: connection.id } };
}

/**
 * What the provider says of somebody, with the groups that the connection's directory has them in: one authority says both, and
 * most say groups in one of the two ways alone (H1).
 */
async function withDirectory(
  db: TenantDb,
  connection: Connection,
  identity: UpstreamIdentity,
): Promise<UpstreamIdentity> {
  const { subject, claims } = identity;
  const linked = await findIdentity(db, connection, subject);
  const memberId = linked?.id ?? (await findProvisionedMember(db, connection.id, identity));
  if (!memberId) return identity;
  const groups = await directoryGroupsOf(db, { connectionId: connection.id, memberId });
  return { ...identity, claims: { ...claims, groups: [...claims.groups, ...groups] } };
}

/** Whom the connection's directory has made for them, else whom a proven domain leads to, where the firm trusts it. */
async function findKnown(
  db: TenantDb,
  { connection, identity }: Pick<Wanted, "connection" | "identity">,
): Promise<{ member: Member; by: "directory" | "proven_domain" } | undefined> {
  const provisioned = await findProvisionedMember(db, connection.id, identity);
  const made = provisioned && (await lockMember(db, provisioned));
  if (made) return { member: made, by: "directory" };
  const trusted = await findByTrustedDomain(db, connection, identity.claims);
  return trusted && { member: trusted, by: "proven_domain" };
}

function eventsOf(output: SsoOutcome): AuditEvent[] {
  const { connectionId: connection } = output;
  if (output.outcome === "refused") {
    const { memberId: targetId, reason } = output;
    return [{ event: "sign_in.refused", targetId, reason, detail: { method: "sso", connection } }];
  }
  if (output.outcome === "link")
    return [{ event: "sso.link_asked", targetId: undefined, detail: { connection } }];
  if (output.outcome === "tested")
    return [{ event: "sso.tested", targetId: undefined, detail: { connection, test: output.flowId } }];
  const { kind, sessionId: session, duties } = output.session;
  const why = output.outcome === "duty" && { duties: duties.join(" ") };
  const unusual = output.signals.length > 0 && { signals: output.signals.join(" ") };
  const detail = { method: "sso", kind, session, connection, ...why, ...unusual };
  return [{ event: "session.started", targetId: output.memberId, detail }];
}
