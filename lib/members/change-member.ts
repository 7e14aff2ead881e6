import { and, eq, not } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { requireFreshProofIn } from "#lib/access/require-fresh-proof.ts";
import { seenClients } from "#lib/access/seen.ts";
import { suppressCredentialsMail } from "#lib/auth/reset/credentials-mail.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { endFirmLinks } from "#lib/firms/end-firm-links.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { type AccountNames, accountNames } from "./account-names.ts";
import type { Member } from "./find-member.ts";
import { ChangeMemberInput } from "./input.ts";
import { isInUse } from "./is-in-use.ts";
import { lockForChange } from "./lock-for-change.ts";
import { requireVersion } from "./require-version.ts";
import { areTaken, whyTaken } from "./why-taken.ts";

const NEEDS = { staff: "members:manage", contact: "clients:manage" } as const;

type Wish = { name: string; username?: string; email: string; timeZone?: string | null };

/**
 * Changes what an account goes by. A new address, which only an account that nobody uses yet gets here (B12), ends what was
 * mailed to the old one, and both are told. A username that was the address goes with it (DEC10).
 * @throws DomainError not_found, forbidden, invalid, conflict where the names are taken or somebody else was quicker
 */
export const changeMember = command({
  event: "member.changed",
  permission: "member",
  input: ChangeMemberInput,
  async run({ db, ctx }, { memberId, version, ...wish }) {
    const { member } = await lockForChange(db, ctx, { memberId, needs: NEEDS });
    requireVersion(member, version, { typed: typedOf(wish, member), saved: savedOf(member) });
    const names = accountNames({ username: usernameOf(wish, member), email: wish.email });
    if (names.emailKey !== member.emailKey) await requireAddressToGive(db, ctx, member);
    if (await areTaken(db, member.id, names)) throw await whyTaken(db, ctx, names, member.id);
    const timeZone = wish.timeZone === undefined ? member.timeZone : wish.timeZone;
    const [changed] = await db
      .update(members)
      .set({ name: wish.name, ...names, timeZone })
      .where(eq(members.id, member.id))
      .returning();
    if (!changed) throw new Error("The locked member is not there.");
    if (names.emailKey !== member.emailKey) await moveMail(db, ctx, member, names);
    return { id: member.id, version: changed.version, changes: changedFields(member, changed) };
  },
  audit: ({ id, changes }) =>
    changes.length === 0
      ? []
      : [{ event: "member.changed", targetId: id, detail: { fields: changes.join(" ") } }],
});

const NOT_ALONE =
  "Another address is a key to this account. Its owner changes it under Settings, or two administrators do, under Requests.";

/**
 * Whoever gives an account another address can let themselves in by it. So nobody does where somebody is in already
 * (B12), or where it leads further than they see (E7).
 */
async function requireAddressToGive(db: TenantDb, ctx: RunContext, member: Member): Promise<void> {
  if ((await isInUse(db, member)) || (await leadsFurther(db, ctx, member)))
    throw conflict("email", NOT_ALONE);
  // Who is invited to it may become an Administrator: as much as making the account (F5).
  if (member.kind === "staff") await requireFreshProofIn(db, ctx, "staff:create");
}

/** Whether a contact belongs to a client, also a deleted one, that the caller does not see. */
async function leadsFurther(db: TenantDb, ctx: RunContext, { id }: Member): Promise<boolean> {
  const seen = seenClients(ctx);
  if (!seen) return false;
  const others = await db
    .select({ id: clients.id })
    .from(clientContacts)
    .innerJoin(clients, eq(clients.id, clientContacts.clientId))
    .where(and(eq(clientContacts.memberId, id), not(seen)))
    .limit(1);
  return others.length > 0;
}

function usernameOf({ username, email }: Wish, member: Member): string | undefined {
  const followed = member.usernameKey === member.emailKey && username?.toLowerCase() === member.usernameKey;
  return followed && email !== "" ? undefined : username;
}

/** What was mailed to the old address is worth nothing any more. Who reads the old one learns that it is not the address now. */
export async function moveMail(
  db: TenantDb,
  ctx: RunContext,
  old: Member,
  { emailKey }: Pick<AccountNames, "emailKey">,
): Promise<void> {
  await endSecrets(db, ctx.now, { memberId: old.id, reason: "revoked" });
  await suppressCredentialsMail(db, old.id);
  await endFirmLinks(db, ctx, old.id);
  if (old.emailKey) {
    await enqueueEmail(db, { template: "address-moved", memberId: old.id, toAddress: old.emailKey });
  }
  if (emailKey && old.connectionId === null) {
    await enqueueEmail(db, { template: "address-changed", memberId: old.id, toAddress: emailKey });
  }
}

const FIELDS = ["name", "username", "email", "timeZone"] as const;

/** Which fields became others; what stands in them is not for the log. */
function changedFields(before: Member, now: Member): string[] {
  return FIELDS.filter((field) => before[field] !== now[field]);
}

function savedOf({ name, username, email, timeZone }: Member): Record<string, string> {
  return { name, username, email: email ?? "", timeZone: timeZone ?? "" };
}

function typedOf({ name, username, email, timeZone }: Wish, member: Member): Record<string, string> {
  return {
    ...{ name, email, username: username ?? email },
    timeZone: (timeZone === undefined ? member.timeZone : timeZone) ?? "",
  };
}
