import { and, eq, isNotNull } from "drizzle-orm";
import { federatedIdentities, members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";
import type { Group } from "#lib/groups/held.ts";
import { lockGroups } from "#lib/groups/lock-groups.ts";
import { accountNames } from "#lib/members/account-names.ts";
import { moveMail } from "#lib/members/change-member.ts";
import { insertMember } from "#lib/members/create-member.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { areTaken, whyTaken } from "#lib/members/why-taken.ts";
import { chooseGroup, leastGroup, mappingOfDirectory } from "../groups/choose-group.ts";
import { CreateResourceInput } from "../input.ts";
import { refusal } from "../scim-error.ts";
import { requireFreeName } from "./change-user.ts";
import { directoryOf, getDirectoryUser, type ScimUser } from "./directory-user.ts";
import { showUsers } from "./show-user.ts";
import { readUser, type UserWish } from "./user-wish.ts";

/**
 * Makes a member of the staff who signs in by the directory's connection. Never adopts an account that is there, whatever
 * its name or address: that is a conflict (H1). Whom the same directory had deleted comes back as who they were, switched off
 * where the firm had done that, and is at the provider whoever comes with the directory's id or name next.
 * @throws DomainError invalid, conflict
 */
export const createDirectoryUser = command({
  event: "directory_user.created",
  permission: "directory",
  input: CreateResourceInput,
  prepare: async (_, { resource }) => readUser(resource),
  async run({ db, ctx, prepared: wish }) {
    const groups = await lockGroups(db);
    await requireFreeName(db, ctx, wish);
    const group = await firstGroup(db, ctx, groups);
    const departed = await findDeparted(db, ctx, wish);
    const made = await namingWho(wish, () =>
      departed ? bringBack(db, ctx, departed, { wish, group }) : insertNew(db, ctx, { wish, group }),
    );
    const id = await insertUser(db, ctx, wish, made);
    const [resource = {}] = await showUsers(db, ctx, [await getDirectoryUser(db, ctx, id)]);
    return { resource, events: made.events };
  },
  audit: ({ events }) => events,
});

type Wanted = { wish: UserWish; group: Group };
type Made = {
  member: Member;
  /** As scim_users has it: "no" where the directory keeps them out, and the firm does not. */
  active: ScimUser["active"];
  events: AuditEvent[];
};

/** Whoever reads of it later is to know whom somebody else is in the way of. */
async function namingWho(wish: UserWish, make: () => Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "conflict") throw error;
    throw refusal("uniqueness", `${wish.userName}: ${error.message}`);
  }
}

/** Nobody is in a group of the directory before they exist. */
async function firstGroup(db: TenantDb, ctx: RunContext, groups: Group[]): Promise<Group> {
  const mapping = await mappingOfDirectory(db, ctx, groups);
  return chooseGroup(mapping, groups, []) ?? leastGroup(groups);
}

async function insertNew(db: TenantDb, ctx: RunContext, { wish, group }: Wanted): Promise<Made> {
  const { connectionId } = directoryOf(ctx);
  const { name, username, email } = wish.profile;
  const wanted = { kind: "staff", name, email, securityGroupId: group.id, connectionId } as const;
  const member = await insertMember(db, { ...wanted, ...(username !== undefined && { username }) });
  if (wish.active === false)
    await db.update(members).set({ status: "disabled" }).where(eq(members.id, member.id));
  const created = { event: "member.created", targetId: member.id, detail: { kind: "staff", clients: 0 } };
  if (wish.active === false)
    return { member, active: "no", events: [created, switchedTo(member, "disabled")] };
  return { member, active: "yes", events: [created] };
}

/** One whom this directory has deleted, and nobody here has restored or erased since. */
async function findDeparted(db: TenantDb, ctx: RunContext, { userNameKey }: UserWish) {
  const [departed] = await db
    .select({ user: scimUsers })
    .from(scimUsers)
    .innerJoin(members, eq(members.id, scimUsers.memberId))
    .where(
      and(
        eq(scimUsers.connectionId, directoryOf(ctx).connectionId),
        eq(scimUsers.userNameKey, userNameKey),
        isNotNull(scimUsers.deletedAt),
        isNotNull(members.deletedAt),
      ),
    );
  return departed?.user;
}

async function bringBack(
  db: TenantDb,
  ctx: RunContext,
  departed: ScimUser,
  { wish, group }: Wanted,
): Promise<Made> {
  const member = await lockMember(db, departed.memberId);
  if (!member) throw new Error("The member of a directory's user is not there.");
  const { name, username, email } = wish.profile;
  const names = accountNames({ username, email });
  if (await areTaken(db, member.id, names)) throw await whyTaken(db, undefined, names, member.id);
  await db.delete(scimUsers).where(eq(scimUsers.id, departed.id));
  // A name is given to somebody else in time, whom the subject of the one before would let in.
  await db.delete(federatedIdentities).where(eq(federatedIdentities.memberId, member.id));
  const isKeptOut = departed.active === "yes";
  const status = wish.active === false || isKeptOut ? "disabled" : "enabled";
  await db
    .update(members)
    .set({ name, ...names, status, securityGroupId: group.id, deletedAt: null })
    .where(eq(members.id, member.id));
  if (names.emailKey !== member.emailKey) await moveMail(db, ctx, member, names);
  const events = [{ event: "member.restored", targetId: member.id }];
  if (status === "enabled") return { member, active: "yes", events: [...events, switchedTo(member, status)] };
  return { member, active: isKeptOut ? "yes" : "no", events };
}

function switchedTo({ id }: Member, status: "enabled" | "disabled"): AuditEvent {
  return { event: "member.access_set", targetId: id, detail: { status } };
}

async function insertUser(
  db: TenantDb,
  ctx: RunContext,
  wish: UserWish,
  { member, active }: Made,
): Promise<string> {
  const { userName, userNameKey, externalId, attributes } = wish;
  const [user] = await db
    .insert(scimUsers)
    .values({
      ...{ userName, userNameKey, externalId, attributes, memberId: member.id },
      connectionId: directoryOf(ctx).connectionId,
      active,
      changedAt: ctx.now,
    })
    .returning({ id: scimUsers.id });
  if (!user) throw new Error("The directory's user was not written.");
  return user.id;
}
