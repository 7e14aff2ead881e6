import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";

/** What it takes to extend or revoke somebody's invitation, by the kind of account. */
export const INVITATION_NEEDS = { staff: "members:manage", contact: "contacts:reset" } as const;

/** Whether the caller may send people of a kind what they get in with, as `requireHelpable` asks for it. */
export function maySendTo(ctx: Context, kind: Member["kind"]): boolean {
  return hasPermission(ctx, "contacts:reset") && (kind === "contact" || hasPermission(ctx, "members:reset"));
}
