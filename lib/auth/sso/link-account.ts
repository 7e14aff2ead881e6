import { and, eq, gte, inArray } from "drizzle-orm";
import * as z from "zod";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { federateMember } from "./federate-member.ts";
import { findIdentity, forgetIdentity } from "./find-linked-member.ts";
import { consumeLinkRequest, findLinkRequest, type LinkRequest } from "./link-requests.ts";
import { lockSubject } from "./lock-subject.ts";
import { groupWanted, mapGroup, readMapping } from "./map-group.ts";
import { type SsoSession, startSsoSession } from "./start-sso-session.ts";
import type { UpstreamIdentity } from "./upstream-identity.ts";

export type LinkDescription =
  | { state: "over" }
  | {
      state: "open";
      connectionName: string;
      /** Whom the provider has vouched for, in its own words. */
      person: { name: string | undefined; email: string | undefined; subject: string };
      /** The account that would be linked: signed in to since the provider has spoken. */
      account: { name: string; username: string } | undefined;
      /** Signed in, but since before, or by another provider: not a proof for this. */
      stale: boolean;
    };

/** What this browser may link, and to which account. */
export const describeLinkRequest = query({
  event: "sso.link_opened",
  permission: "anyone",
  async run({ db, ctx }, token: string): Promise<LinkDescription> {
    const request = await findLinkRequest(db, ctx.now, token);
    if (!request) return { state: "over" };
    const { claims, subject } = request.identity;
    const proven = ctx.actor !== undefined && (await isProvenSince(db, ctx, request));
    return {
      state: "open",
      connectionName: request.connection.name,
      person: { name: claims.name, email: claims.email, subject },
      account: proven && ctx.actor ? { name: ctx.actor.name, username: ctx.actor.username } : undefined,
      stale: ctx.actor !== undefined && !proven,
    };
  },
});

export type LinkOutcome =
  | { outcome: "linked"; connectionId: string; session: SsoSession; memberId: string }
  | { outcome: "refused"; connectionId?: string; memberId: string; reason: string };

/**
 * Makes the account in which the caller has signed in since the provider has vouched for somebody that person's account
 * (SEC67, INC20): the request is bound to the subject and the browser, the proof to the session. From then on the provider alone
 * opens it; everything else that did, ends.
 * @throws DomainError unauthenticated, invalid
 */
export const linkAccount = command({
  event: "sso.link",
  permission: "person",
  input: z.object({ token: z.string().max(200) }),
  async run({ db, ctx }, { token }): Promise<LinkOutcome> {
    if (!ctx.actor) throw unauthenticated("not_signed_in");
    const { memberId } = ctx.actor;
    const request = await holdLinkRequest(db, ctx.now, token);
    if (!request) return { outcome: "refused", memberId, reason: "link_request_over" };
    const { connection, identity } = request;
    const refused = { outcome: "refused", connectionId: connection.id, memberId } as const;
    const mapping = await readMapping(db, connection, identity);
    const member = await lockMember(db, memberId);
    const reason = await whyNot(db, ctx, request);
    if (!member || reason) return { ...refused, reason: reason ?? "not_known_here" };
    if (member.connectionId !== null) return { ...refused, reason: "linked_elsewhere" };
    if (!(await freeSubject(db, identity))) return { ...refused, reason: "linked_elsewhere" };
    const { groups } = identity.claims;
    if (groupWanted(member, mapping, groups) === undefined) return { ...refused, reason: "no_group" };
    if (!(await consumeLinkRequest(db, ctx.now, token))) return { ...refused, reason: "link_request_over" };
    await mapGroup(db, ctx, member, { mapping, groups });
    const { subject } = identity;
    await federateMember(db, ctx, member, { connection, subject, by: "own_sign_in" });
    const session = await startSsoSession(db, ctx, { ...member, connectionId: connection.id }, identity);
    return { outcome: "linked", connectionId: connection.id, session, memberId };
  },
  audit(output) {
    const { memberId: targetId, connectionId: connection = "" } = output;
    if (output.outcome === "refused") {
      return [{ event: "sso.link.refused", targetId, reason: output.reason, detail: { connection } }];
    }
    const { session } = output;
    if (session.outcome === "refused") {
      const { reason } = session;
      return [{ event: "sign_in.refused", targetId, reason, detail: { method: "sso", connection } }];
    }
    const detail = {
      method: "sso",
      kind: session.session.kind,
      session: session.session.sessionId,
      connection,
    };
    return [{ event: "session.started", targetId, detail }];
  },
});

/** What may be linked, with its person and connection held: until they were, the connection may have been retired. */
async function holdLinkRequest(db: TenantDb, now: Date, token: string): Promise<LinkRequest | undefined> {
  const asked = await findLinkRequest(db, now, token);
  if (!asked) return undefined;
  await lockSubject(db, asked.identity);
  return findLinkRequest(db, now, token);
}

/** Whether the provider's person is nobody's. Who has been unlinked is forgotten for whom they prove to be now. */
async function freeSubject(db: TenantDb, { connectionId: id, subject }: UpstreamIdentity): Promise<boolean> {
  const holder = await findIdentity(db, { id }, subject);
  if (holder?.connectionId === id) return false;
  if (holder) await forgetIdentity(db, { id }, subject);
  return true;
}

async function whyNot(db: TenantDb, ctx: RunContext, request: LinkRequest): Promise<string | undefined> {
  if (request.connection.firstSignIn === "refuse") return "not_known_here";
  return (await isProvenSince(db, ctx, request)) ? undefined : "not_proven_since";
}

/** Whether the caller's session began after the provider has spoken, by something of the account's own. */
async function isProvenSince(
  db: TenantDb,
  { actor }: RunContext,
  { createdAt }: LinkRequest,
): Promise<boolean> {
  const found = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.id, actor?.sessionId ?? NOBODY),
        gte(sessions.createdAt, createdAt),
        inArray(sessions.method, ["password", "passkey"]),
      ),
    );
  return found.length > 0;
}

const NOBODY = "00000000-0000-0000-0000-000000000000";
