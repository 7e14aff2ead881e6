import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { type Group, notHeldOf } from "#lib/groups/held.ts";
import { DELETION_NEEDS } from "./delete-member.ts";
import type { Member } from "./find-member.ts";

export type Changes = {
  /** The fields of the profile as they are, with their version; undefined for whoever may not change them. */
  form: { name: string; username: string; email: string; timeZone: string; version: number } | undefined;
  /** Whether the reader may switch the access, delete the account, and take away what is kept about the person. */
  maySwitch: boolean;
  mayDelete: boolean;
  mayExport: boolean;
};

/** What the reader may do to an account that they see. Nobody touches one that holds more than they do (SEC60). */
export function describeChanges(ctx: Context, member: Member, group: Group | undefined): Changes {
  const within = group !== undefined && notHeldOf(ctx, group) === undefined;
  const isStaff = member.kind === "staff";
  const mayChange = within && hasPermission(ctx, isStaff ? "members:manage" : "clients:manage");
  const { name, username, email, timeZone, version } = member;
  const fields = { name, username, email: email ?? "", timeZone: timeZone ?? "", version };
  const isOther = member.id !== ctx.actor?.memberId;
  return {
    form: mayChange ? fields : undefined,
    maySwitch: within && hasPermission(ctx, isStaff ? "members:manage" : "contacts:disable"),
    mayDelete: within && isOther && hasPermission(ctx, DELETION_NEEDS[member.kind]),
    mayExport: within && hasPermission(ctx, "people:export") && hasPermission(ctx, "audit:read"),
  };
}
