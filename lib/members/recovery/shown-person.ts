import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { type ShownAddress, seesAddresses } from "#lib/members/shown-address.ts";

/** Whoever helps without a mailbox need not look after staff or contacts: their addresses are masked then. */
export function shownPerson(
  ctx: Context,
  { kind, email, username }: Pick<Member, "kind" | "email" | "username">,
): ShownAddress {
  const address = email && (maySee(ctx, kind) ? email : maskAddress(email));
  return { address: address ?? undefined, username: username.includes("@") ? undefined : username };
}

export function maySee(ctx: Context, kind: Member["kind"]): boolean {
  return kind === "staff" ? hasPermission(ctx, "members:read") : seesAddresses(ctx, kind);
}
