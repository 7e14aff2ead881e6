import { maskAddress } from "#lib/auth/reset/mask-address.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import type { Member } from "./find-member.ts";

type Addressed = Pick<Member, "kind" | "email" | "username">;

export type ShownAddress = {
  address: string | undefined;
  /** Undefined where it is the address itself, which stands beside it or is masked. */
  username: string | undefined;
};

/** How people are reached, as far as the reader may know it: contacts' addresses are for those who look after contacts. */
export function shownAddress(ctx: Context, { kind, email, username }: Addressed): ShownAddress {
  const address = email && (seesAddresses(ctx, kind) ? email : maskAddress(email));
  return { address: address ?? undefined, username: username.includes("@") ? undefined : username };
}

export function seesAddresses(ctx: Context, kind: Member["kind"]): boolean {
  return kind === "staff" || hasPermission(ctx, "clients:manage");
}
