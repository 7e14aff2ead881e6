import type { Permission } from "#lib/access/permissions.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Actor, Context } from "#lib/core/context.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { factorOf } from "./how-proven.ts";

/**
 * Who somebody is, for programs that ask on their behalf, and until when. All of it was read together with the token: a
 * second look could see another moment, and costs as much again. Throws unauthenticated.
 */
export function describeSession({ tenant, actor }: Pick<Context, "tenant" | "actor">) {
  if (!actor) throw unauthenticated("not_signed_in");
  return {
    firm: { slug: tenant.slug, name: tenant.name },
    member: {
      id: actor.memberId,
      name: actor.name,
      kind: actor.kind,
      username: actor.username,
      email: actor.email,
      securityGroup: actor.groupName,
      permissions: permissionsOf(actor),
    },
    session: sessionOf(actor),
  };
}

/** What somebody may do, in an order that does not depend on how it came about. */
export function permissionsOf({ permissions }: Actor): Permission[] {
  return [...permissions].sort();
}

/** How the session began and when it ends: without another request, and in any case. An API token is no session. */
function sessionOf({ sessionId: id, begun, limits }: Actor) {
  if (!begun || !limits) return null;
  const { method, proofs, at: startedAt, asOf } = begun;
  const factor = factorOf({ method, proofs }) ?? null;
  const endsAt = idleEndOf(begun, limits);
  return { id, method, factor, startedAt, asOf, endsAt, expiresAt: limits.expiresAt };
}

/** Since when the token by which somebody acts has been good, and until when without another request. */
export function lifeOf({ begun, limits, token }: Actor): { startedAt: Date; endsAt: Date } | undefined {
  if (token) return { startedAt: token.madeAt, endsAt: token.expiresAt };
  return begun && limits && { startedAt: begun.at, endsAt: idleEndOf(begun, limits) };
}

function idleEndOf({ lastSeenAt }: Begun, { idleMinutes, expiresAt }: Limits): Date {
  return new Date(Math.min(lastSeenAt.getTime() + idleMinutes * MINUTE, expiresAt.getTime()));
}

type Begun = NonNullable<Actor["begun"]>;
type Limits = NonNullable<Actor["limits"]>;
