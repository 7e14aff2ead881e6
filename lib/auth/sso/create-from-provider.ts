import { and, eq, ne, or } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import { randomReadable } from "#lib/core/crypto.ts";
import { endFirmLinks } from "#lib/firms/end-firm-links.ts";
import { insertMember } from "#lib/members/create-member.ts";
import { findMember, type Member } from "#lib/members/find-member.ts";
import { usernameKey } from "#lib/members/identifier.ts";
import { promisedAddresses } from "#lib/members/promised-addresses.ts";
import { groupFor } from "#lib/policy/sso-mapping.ts";
import type { ReadMapping } from "./map-group.ts";
import type { UpstreamClaims } from "./upstream-identity.ts";

type Created =
  | { outcome: "created"; member: Member }
  /** The address is an account's already: whose it is, a sign-in of its own says. */
  | { outcome: "address_taken" }
  | { outcome: "no_group" };

/**
 * Makes an account for somebody whom the provider knows and the firm does not (G7): staff, in the group that the rules or the
 * default give. Only a vouched-for address is written down; an account that has it is never touched.
 */
export async function createFromProvider(
  db: TenantDb,
  { claims, address, mapping }: { claims: UpstreamClaims; address: string | undefined; mapping: ReadMapping },
): Promise<Created> {
  const securityGroupId = groupFor(mapping, claims.groups);
  if (!securityGroupId) return { outcome: "no_group" };
  if (address && !(await isFree(db, address))) return { outcome: "address_taken" };
  const username = await freeUsername(db, claims, address);
  const name = (claims.name ?? "").trim() || username;
  const member = await insertMember(db, {
    ...{ kind: "staff" as const, name: name.slice(0, 120), username, securityGroupId },
    email: address ?? "",
  });
  return { outcome: "created", member };
}

/** What the provider calls the person, if nobody here is called so; else the address, else a name that means nothing. */
async function freeUsername(
  db: TenantDb,
  { username = "", email = "" }: UpstreamClaims,
  address: string | undefined,
): Promise<string> {
  const wanted = [username, address ?? "", email.split("@")[0] ?? ""];
  for (const candidate of wanted) {
    const key = usernameKey(candidate);
    // A username with @ is the account's own address, or nothing (DEC10).
    if (key && (!key.includes("@") || key === address) && !(await isTaken(db, key))) return candidate.trim();
  }
  return `sso-${randomReadable().slice(0, 9).toLowerCase()}`;
}

async function isTaken(db: TenantDb, key: string): Promise<boolean> {
  return (await findMember(db, key)) !== undefined;
}

/** What the provider says of a member whom it knows already: the name, and an address that it may vouch for. */
export async function refreshProfile(
  db: TenantDb,
  ctx: RunContext,
  member: Member,
  { name, address }: { name: string | undefined; address: string | undefined },
): Promise<void> {
  const changes: Partial<Member> = {};
  const said = (name ?? "").trim().slice(0, 120);
  if (said !== "" && said !== member.name) changes.name = said;
  if (address && address !== member.emailKey && (await isFree(db, address, member.id))) {
    Object.assign(changes, { email: address, emailKey: address });
    if (member.usernameKey === member.emailKey)
      Object.assign(changes, { username: address, usernameKey: address });
  }
  const fields = Object.keys(changes).filter((field) => field === "name" || field === "email");
  if (fields.length === 0) return;
  await db.update(members).set(changes).where(eq(members.id, member.id));
  if (changes.email) await endFirmLinks(db, ctx, member.id);
  const detail = { fields: fields.join(" "), by: "identity_provider" };
  await recordEvent(db, ctx, { event: "member.changed", targetId: member.id, detail });
}

/** Nobody else goes by it, and nobody may still take it back (SEC30). */
async function isFree(db: TenantDb, address: string, but?: string): Promise<boolean> {
  const goesByIt = or(eq(members.emailKey, address), eq(members.usernameKey, address));
  const others = await db
    .select({ id: members.id })
    .from(members)
    .where(and(goesByIt, but === undefined ? undefined : ne(members.id, but)))
    .limit(1);
  return others.length === 0 && (await promisedAddresses(db, [address], but)).size === 0;
}
