import { eq } from "drizzle-orm";
import * as z from "zod";
import { connections } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import { endAccess } from "#lib/members/end-access.ts";
import { lockForChange } from "#lib/members/lock-for-change.ts";
import { requireSeenVersion } from "#lib/members/require-version.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { willNeedSso } from "./will-need-sso.ts";

const NEEDS = { staff: "members:manage", contact: "clients:manage" } as const;

const Unlinking = z.object({ memberId: z.uuid(), version: z.coerce.number().int().optional() });

/**
 * Somebody signs in by the identity provider no longer: the account stays, is signed out, and gets in again by what the firm
 * sends to its address, where a mail says so. Whom the directory has made is ended there, and nobody is let go whom single
 * sign-on alone would let in.
 * @throws DomainError not_found, forbidden, conflict
 */
export const unlinkMember = command({
  event: "member.unlinked",
  permission: "member",
  stepUp: "member_security:change",
  input: Unlinking,
  async run({ db, ctx }, { memberId, version }) {
    const { member } = await lockForChange(db, ctx, { memberId, needs: NEEDS });
    requireSeenVersion(member, version);
    const { connectionId } = member;
    if (connectionId === null) throw new DomainError("conflict", NOT_LINKED);
    if (member.emailKey === null) throw new DomainError("conflict", NO_ADDRESS);
    if (await isFromDirectory(db, member.id)) throw new DomainError("conflict", FROM_DIRECTORY);
    if (await willNeedSso(db, member.kind)) throw new DomainError("conflict", NO_OTHER_WAY);
    // The provider's person stays known as one who has been unlinked, and comes back by an own sign-in alone.
    await db.update(members).set({ connectionId: null }).where(eq(members.id, member.id));
    await endAccess(db, ctx.now, member.id, "member_unlinked");
    await enqueueEmail(db, {
      template: "sso-ended",
      memberId: member.id,
      toAddress: member.emailKey,
      props: { at: ctx.now.toISOString(), connection: await nameOf(db, connectionId) },
    });
    return { id: member.id, connectionId };
  },
  audit: ({ id, connectionId: connection }) => [
    { event: "member.unlinked", targetId: id, detail: { connection } },
  ],
});

const NOT_LINKED = "This person does not sign in by single sign-on.";
const NO_ADDRESS = "This account has no e-mail address that a way in could be sent to.";
const FROM_DIRECTORY = "The firm’s directory has made this account. Remove the person there.";

const NO_OTHER_WAY = "Single sign-on is the only way in for this person. Stop enforcing it first.";

async function nameOf(db: TenantDb, connectionId: string): Promise<string> {
  const [row] = await db
    .select({ name: connections.name })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return row?.name ?? "";
}

async function isFromDirectory(db: TenantDb, memberId: string): Promise<boolean> {
  const rows = await db.select({ id: scimUsers.id }).from(scimUsers).where(eq(scimUsers.memberId, memberId));
  return rows.length > 0;
}
