import { asc } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { findSeenMember } from "#lib/access/seen.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { forbidden, notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { type Cure, explainSignIn as explain, type Finding } from "#lib/policy/explain-sign-in.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { permissionNotHeld } from "./change-member-security.ts";
import { DELETION_NEEDS } from "./delete-member.ts";
import type { Member } from "./find-member.ts";
import { findDeletedMember } from "./get-deleted-member.ts";
import { readSignInFacts } from "./read-sign-in-facts.ts";

/** Any of these makes it somebody's business why a person cannot sign in. */
const HELPERS: Record<Member["kind"], Permission[]> = {
  staff: ["members:manage", "members:reset", "members:delete"],
  contact: ["contacts:reset", "contacts:disable", "clients:manage", "clients:delete"],
};

/** Whether the caller may ask why people of a kind cannot sign in. */
export function mayExplainSignIn(ctx: Context, kind: Member["kind"]): boolean {
  return HELPERS[kind].some((permission) => hasPermission(ctx, permission));
}

/** A finding, and whether its reader may mend it; if not, the security groups whose people may. */
export type Explained = Finding & { mayCure: boolean; whoMay: string[] };

/**
 * Why somebody cannot sign in, what helps, and who may do it (J5): for whoever sees the record and may help. Deleted
 * ones are for whoever may restore them. Throws not_found, forbidden.
 */
export const explainSignIn = query({
  event: "sign_in.explained",
  permission: "member",
  async run({ db, ctx }, memberId: string) {
    const member = (await findSeenMember(db, ctx, memberId)) ?? (await findDeletedMember(db, ctx, memberId));
    if (!member) throw notFound();
    if (!mayExplainSignIn(ctx, member.kind)) throw forbidden("may_not_help");
    const { facts, tries } = await readSignInFacts(db, ctx, member);
    const explanation = explain(facts, await readSecurityOptions(db), ctx.now);
    const mended = await mendersOf(db, ctx, member);
    return {
      ...{ memberId: member.id, name: member.name, kind: member.kind, tries },
      federated: member.connectionId !== null,
      canSignIn: explanation.canSignIn,
      obstacles: explanation.obstacles.map(mended),
      afterwards: explanation.afterwards.map(mended),
      clues: explanation.clues.map(mended),
    };
  },
});

export type SignInExplanation = Awaited<ReturnType<typeof explainSignIn>>;

/** What each cure asks of whoever presses it, as its use case does. */
function needsOf(cure: Cure, kind: Member["kind"]): Permission[] {
  const staff = kind === "staff";
  switch (cure) {
    case "restore":
      return [DELETION_NEEDS[kind]];
    case "enable":
      return [staff ? "members:manage" : "contacts:disable"];
    case "unfreeze":
    case "unlock":
    case "send":
      return staff ? ["contacts:reset", "members:reset"] : ["contacts:reset"];
    case "change_address":
      return [staff ? "members:manage" : "clients:manage"];
    case "add_to_client":
      return ["clients:manage"];
    case "change_group":
      return ["members:manage"];
    case "look_at_enforcement":
      return ["sso:manage"];
    case "reset_factors":
      return ["factors:reset", "members:manage"];
    case "look_at_request":
      return ["recovery:manage"];
    default:
      return [];
  }
}

/** Cures that touch an account take no less than it can do itself (SEC60). */
const TOUCHES: Cure[] = ["restore", "enable", "change_address", "change_group", "reset_factors"];

async function mendersOf(db: TenantDb, ctx: RunContext, member: Member) {
  const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
  const isMore = ctx.actor !== undefined && permissionNotHeld(ctx, member, groups) !== undefined;
  return (finding: Finding): Explained => {
    const needs = needsOf(finding.cure, member.kind);
    const held = needs.length > 0 && needs.every((permission) => hasPermission(ctx, permission));
    const mayCure = held && !(isMore && TOUCHES.includes(finding.cure));
    const who = mayCure || needs.length === 0 ? [] : groups.filter((group) => holdsAll(group, needs));
    return { ...finding, mayCure, whoMay: who.map(({ name }) => name) };
  };
}

function holdsAll(
  { preset, permissions }: { preset: string | null; permissions: string[] },
  needs: Permission[],
) {
  return preset !== "contact" && needs.every((permission) => permissions.includes(permission));
}
