import { and, asc, inArray, isNull } from "drizzle-orm";
import { clientContacts, clients } from "#db/schema/clients.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenClients } from "#lib/access/seen.ts";
import { isHeldToSso } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { invalid } from "#lib/core/errors.ts";
import { requireHeld } from "#lib/groups/held.ts";
import { takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { insertMember } from "./create-member.ts";
import type { Member } from "./find-member.ts";
import { CreateMemberInput } from "./input.ts";
import { enqueueInvitation } from "./invite.ts";

type Wish = { kind: Member["kind"]; securityGroupId?: string; clientIds: string[]; invite: boolean };

const NEEDS = {
  staff: { create: "members:manage", invite: "members:reset" },
  contact: { create: "clients:manage", invite: "contacts:reset" },
} as const;

/**
 * Adds a member of the staff, or a contact of one or several clients, without a password (001-14). The invitation to
 * choose one goes out at once where that is wished. Nobody grants more than they hold (SEC60).
 * @throws DomainError invalid, forbidden, conflict where the names are taken
 */
export const createMember = command({
  event: "member.created",
  permission: "member",
  stepUp: ({ kind }) => (kind === "staff" ? "staff:create" : undefined),
  input: CreateMemberInput,
  async run({ db, ctx }, { kind, name, username, email, ...wish }) {
    requirePermission(ctx, NEEDS[kind].create);
    if (wish.invite) requirePermission(ctx, NEEDS[kind].invite);
    const asked = { kind, invite: wish.invite, clientIds: wish.clientIds };
    const securityGroupId = await groupFor(db, ctx, {
      ...asked,
      securityGroupId: wish.securityGroupId || undefined,
    });
    const clientIds = await clientsFor(db, ctx, asked);
    const member = await insertMember(db, { kind, name, username, email, securityGroupId }, ctx);
    if (clientIds.length > 0) {
      await db
        .insert(clientContacts)
        .values(clientIds.map((clientId) => ({ clientId, memberId: member.id })));
    }
    const invited = wish.invite && (await invite(db, ctx.now, member));
    return { id: member.id, kind, invited, clients: clientIds.length };
  },
  audit: ({ id, kind, invited, clients: number }) => [
    { event: "member.created", targetId: id, detail: { kind, clients: number } },
    ...(invited ? [{ event: "member.invited", targetId: id }] : []),
  ],
});

/** Staff get the group that was chosen, contacts the one that is theirs. */
async function groupFor(db: TenantDb, ctx: Context, { kind, securityGroupId }: Wish): Promise<string> {
  const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
  const group = groups.find(({ id, preset }) =>
    securityGroupId === undefined ? kind === "contact" && preset === "contact" : id === securityGroupId,
  );
  if (!group || (group.preset === "contact") !== (kind === "contact")) {
    throw invalid({ securityGroupId: ["Choose a security group for this kind of account."] });
  }
  requireHeld(ctx, group);
  return group.id;
}

/** A contact is somebody's: without a client there is nothing to sign in for. Clients that the caller does not see do not exist. */
async function clientsFor(db: TenantDb, ctx: Context, { kind, clientIds }: Wish): Promise<string[]> {
  if (kind === "staff") {
    if (clientIds.length > 0) throw invalid({ clientIds: ["Only contacts belong to clients."] });
    return [];
  }
  const wanted = [...new Set(clientIds)];
  if (wanted.length === 0) throw invalid({ clientIds: ["Choose at least one client."] });
  const found = await db
    .select({ id: clients.id })
    .from(clients)
    .where(and(inArray(clients.id, wanted), isNull(clients.deletedAt), seenClients(ctx)))
    .for("key share");
  if (found.length !== wanted.length) throw invalid({ clientIds: ["One of these clients does not exist."] });
  return wanted;
}

/** False where the address has had too many mails, and can be sent one later; and where SSO alone lets people in (G5). */
async function invite(db: TenantDb, now: Date, member: Member): Promise<boolean> {
  if (await isHeldToSso(db, now, member)) return false;
  if (!(await takeMailAllowance(db, member.emailKey ?? "", "staff"))) return false;
  await enqueueInvitation(db, member);
  return true;
}
