import { isDeepStrictEqual } from "node:util";
import { and, eq, isNull, ne } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { scimUsers } from "#db/schema/scim.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { AuditEvent } from "#lib/audit/record-event.ts";
import type { RunContext } from "#lib/core/command.ts";
import type { Group } from "#lib/groups/held.ts";
import { type AccountNames, accountNames } from "#lib/members/account-names.ts";
import { moveMail } from "#lib/members/change-member.ts";
import type { Member } from "#lib/members/find-member.ts";
import { areTaken, whyTaken } from "#lib/members/why-taken.ts";
import { countGroupVersions } from "../count-versions.ts";
import type { Json } from "../read-resource.ts";
import { refusal } from "../scim-error.ts";
import { type DirectoryUser, directoryOf, getDirectoryUser } from "./directory-user.ts";
import { resourceOf } from "./show-user.ts";
import { switchUser } from "./switch-user.ts";
import { type UserWish, wishOf } from "./user-wish.ts";

type Changed = { found: DirectoryUser; events: AuditEvent[] };

/**
 * Makes of a user, whose member is locked with the firm's groups, what the directory wants. Of the member it changes what the
 * directory has changed, and leaves what somebody here has. Writes nothing where nothing is new.
 * @throws DomainError conflict where the names are taken or it is the last Administrator, invalid
 */
export async function changeUser(
  db: TenantDb,
  ctx: RunContext,
  found: DirectoryUser,
  { wish, groups }: { wish: UserWish; groups: Group[] },
): Promise<Changed> {
  const { user, member } = found;
  await requireFreeName(db, ctx, wish, user.id);
  const events = await changeNames(db, ctx, found, wish);
  const switched = await switchUser(db, ctx, found, { active: wish.active, groups });
  const { userName, userNameKey, externalId, attributes } = wish;
  const values = { userName, userNameKey, externalId, attributes, active: switched.active };
  const isNew = !isDeepStrictEqual({ ...user, ...values }, user);
  if (isNew) {
    const version = user.version + 1;
    await db
      .update(scimUsers)
      .set({ ...values, version, changedAt: ctx.now })
      .where(eq(scimUsers.id, user.id));
  }
  if (userName !== user.userName) await countGroupVersions(db, user.id);
  const all = [...events, ...switched.events];
  const event = { event: "directory_user.changed", targetId: member.id };
  return {
    found: await getDirectoryUser(db, ctx, user.id),
    events: isNew && all.length === 0 ? [event] : all,
  };
}

/** One userName of a directory is one user's, in small or capital letters (SEC84). Throws what is wrong. */
export async function requireFreeName(
  db: TenantDb,
  ctx: RunContext,
  { userNameKey, userName }: UserWish,
  but?: string,
): Promise<void> {
  const [other] = await db
    .select({ id: scimUsers.id })
    .from(scimUsers)
    .where(
      and(
        eq(scimUsers.connectionId, directoryOf(ctx).connectionId),
        eq(scimUsers.userNameKey, userNameKey),
        isNull(scimUsers.deletedAt),
        but === undefined ? undefined : ne(scimUsers.id, but),
      ),
    );
  if (other) throw refusal("uniqueness", `Another user of this directory is called ${userName}.`);
}

const FIELDS = ["name", "username", "email"] as const;

async function changeNames(
  db: TenantDb,
  ctx: RunContext,
  found: DirectoryUser,
  wish: UserWish,
): Promise<AuditEvent[]> {
  const { member } = found;
  const before = wishOf(resourceOf(found) as Json).profile;
  const changed = FIELDS.filter((field) => before[field] !== wish.profile[field]);
  if (changed.length === 0) return [];
  const name = changed.includes("name") ? wish.profile.name : member.name;
  const isRenamed = changed.some((field) => field !== "name");
  const names = isRenamed ? await freeNames(db, member, wish) : member;
  const { username, usernameKey, email, emailKey } = names;
  await db
    .update(members)
    .set({ name, username, usernameKey, email, emailKey })
    .where(eq(members.id, member.id));
  if (emailKey !== member.emailKey) await moveMail(db, ctx, member, names);
  return [{ event: "member.changed", targetId: member.id, detail: { fields: changed.join(" ") } }];
}

async function freeNames(db: TenantDb, member: Member, { profile }: UserWish): Promise<AccountNames> {
  const names = accountNames(profile);
  if (await areTaken(db, member.id, names)) throw await whyTaken(db, undefined, names, member.id);
  return names;
}
