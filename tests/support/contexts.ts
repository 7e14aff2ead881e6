import { randomUUID } from "node:crypto";
import { sessions } from "#db/schema/sessions.ts";
import { withTenant } from "#db/tenant.ts";
import { effectivePermissions, type Permission } from "#lib/access/permissions.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { readSession } from "#lib/auth/session/read-session.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { Context, MemberContext, PendingActor, Tenant } from "#lib/core/context.ts";
import { randomToken, sha256 } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";

type Visit = { source?: string; host?: string; userAgent?: string; device?: string };

/** Anybody on a firm's host. */
export function visitorOf(tenant: Tenant, visit: Visit = {}): Context {
  const { source = "203.0.113.7", host = hostOf(tenant), userAgent = "a browser", device } = visit;
  return {
    tenant,
    origin: { requestId: randomUUID(), source, userAgent, host, device },
    actor: undefined,
    pending: undefined,
    via: "visitor",
  };
}

export function hostOf({ slug }: Tenant): string {
  return `${slug}.portal.localhost:3000`;
}

/** A staff member who may do these things and nothing else. */
export function actingWith(tenant: Tenant, ...permissions: Permission[]): MemberContext {
  return {
    ...visitorOf(tenant),
    actor: {
      memberId: randomUUID(),
      sessionId: randomUUID(),
      kind: "staff",
      name: "Acting Person",
      username: "acting",
      email: "acting@mail.example",
      groupName: "Custom",
      permissions: new Set(permissions),
      clientScope: "all",
      timeZone: undefined,
      // Whoever acts in a test has just confirmed it, unless the test is about that.
      proven: { at: FAR_AHEAD, factorAt: FAR_AHEAD },
    },
  };
}

const FAR_AHEAD = new Date("9999-01-01T00:00:00Z");

/** A member as the portal sees one, with the permissions that are given. */
export function actingAs(tenant: Tenant, member: Member, ...permissions: Permission[]): MemberContext {
  const ctx = actingWith(tenant, ...permissions);
  const { id: memberId, kind, name, username } = member;
  const held = effectivePermissions(kind, permissions);
  return { ...ctx, actor: { ...ctx.actor, memberId, kind, name, username, permissions: held } };
}

/** The same with a session of theirs that is open, and of which nobody has been told. */
export async function withOpenSession(ctx: MemberContext): Promise<MemberContext> {
  const { memberId, sessionId: id } = ctx.actor;
  const { host, source, userAgent } = ctx.origin;
  await withTenant(ctx.tenant.id, (db, now) =>
    db.insert(sessions).values({
      ...{ id, memberId, host, source, userAgent, tokenHash: sha256(randomToken()) },
      kind: "full",
      method: "password",
      proofs: ["password"],
      lastSeenAt: now,
      idleMinutes: 60,
      expiresAt: after(now, DAY),
    }),
  );
  return ctx;
}

/** Somebody whose identity is proven, and who still has to choose a new password. */
export function pendingOf(tenant: Tenant, pending: Partial<PendingActor> = {}): Context {
  return {
    ...visitorOf(tenant),
    pending: {
      memberId: randomUUID(),
      sessionId: randomUUID(),
      name: "Pending Person",
      username: "pending",
      duties: ["change_password"],
      proofs: ["password"],
      changeReason: "required",
      ...pending,
    },
  };
}

/** Signs in by password and gives the session; throws when it is refused. */
export async function signIn(
  tenant: Tenant,
  identifier: string,
  password: string,
  visit: Visit = {},
): Promise<StartedSession> {
  const result = await signInWithPassword(visitorOf(tenant, visit), { identifier, password });
  if (result.outcome === "refused") throw new Error(`The sign-in was refused: ${result.reason}.`);
  return result.session;
}

/** The context that a request with this cookie has. */
export async function contextOf(tenant: Tenant, { token }: StartedSession): Promise<Context> {
  const reading = await readSession(tenant, hostOf(tenant), token);
  return {
    ...visitorOf(tenant),
    actor: reading.state === "full" ? reading.actor : undefined,
    pending: reading.state === "pending" ? reading.pending : undefined,
  };
}

/** What a request with this cookie is worth: `full`, `pending`, or why it is worth nothing. */
export async function worthOf(tenant: Tenant, { token }: { token: string }, host = hostOf(tenant)) {
  const reading = await readSession(tenant, host, token);
  return reading.state === "none" ? reading.reason : reading.state;
}
