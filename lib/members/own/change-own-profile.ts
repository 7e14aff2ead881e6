import { eq } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { conflict, forbidden, rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import type { Member } from "../find-member.ts";
import { requireVersion } from "../require-version.ts";
import { areTaken } from "../why-taken.ts";
import { ChangeOwnProfileInput } from "./input.ts";
import { findOwnAccount, lockOwnAccount, ownId } from "./own-account.ts";
import { ownUsername } from "./own-username.ts";

/** Usernames that one member may try, taken or free: five at once, then one every ten minutes. */
const PER_MEMBER = { burst: 5, everySeconds: 600 };

type Wish = { name?: string; username?: string; timeZone?: string | null };

/**
 * Changes the caller's own name, username and time zone. Who signs in by SSO chooses a time zone only: the rest is the
 * identity provider's. That a username is taken has to be said to whoever chooses it, so few can be tried.
 * @throws DomainError not_found, forbidden, invalid, conflict, rate_limited
 */
export const changeOwnProfile = command({
  event: "own_profile.changed",
  permission: "person",
  input: ChangeOwnProfileInput,
  prepare: takeTry,
  async run({ db, ctx }, { version, ...wish }) {
    const member = await lockOwnAccount(db, ctx);
    requireOwnToChange(member, wish);
    const wanted = wantedOf(member, wish);
    requireVersion(member, version, { typed: shown(wanted), saved: shown(member) });
    const names = ownUsername(wanted.username, member);
    const isNew = names.usernameKey !== member.usernameKey;
    if (isNew && (await areTaken(db, member.id, { ...member, ...names }))) throw taken();
    const values = { name: wanted.name, timeZone: wanted.timeZone, ...names };
    const changed = await save(db, member.id, values);
    const fields = FIELDS.filter((field) => member[field] !== changed[field]);
    return { id: member.id, version: changed.version, fields };
  },
  audit: ({ id, fields }) =>
    fields.length === 0
      ? []
      : [{ event: "own_profile.changed", targetId: id, detail: { fields: fields.join(" ") } }],
});

/** Kept when the rest is undone: a name that is taken costs as much as one that is free. */
function takeTry(ctx: Context, { username }: Wish): Promise<void> {
  return withTenant(ctx.tenant.id, async (db) => {
    const member = await findOwnAccount(db, ctx);
    if (username === undefined || username === member.username) return;
    const allowed = await takeAllowances(db, [{ key: `own-username:${ownId(ctx)}`, ...PER_MEMBER }]);
    if (!allowed) throw rateLimited("too_many_usernames", PER_MEMBER.everySeconds);
  });
}

function requireOwnToChange({ connectionId, name, username }: Member, wish: Wish): void {
  const differs =
    (wish.name !== undefined && wish.name !== name) ||
    (wish.username !== undefined && wish.username !== username);
  if (connectionId !== null && differs) {
    throw forbidden("federated", "Your name and username come from your identity provider.");
  }
}

function wantedOf(member: Member, { name, username, timeZone }: Wish) {
  return {
    name: name ?? member.name,
    username: username ?? member.username,
    timeZone: timeZone === undefined ? member.timeZone : timeZone,
  };
}

type Values = Pick<Member, "name" | "timeZone" | "username" | "usernameKey">;

async function save(db: TenantDb, id: string, values: Values): Promise<Member> {
  try {
    const [changed] = await db.update(members).set(values).where(eq(members.id, id)).returning();
    if (!changed) throw new Error("The locked account is not there.");
    return changed;
  } catch (error) {
    throw isTakenMeanwhile(error) ? taken() : error;
  }
}

function isTakenMeanwhile(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("constraint_name" in cause && cause.constraint_name === "members_username_key") return true;
  }
  return false;
}

function taken() {
  return conflict("username", "Another account of this firm has this username.");
}

const FIELDS = ["name", "username", "timeZone"] as const;

function shown({ name, username, timeZone }: Pick<Member, (typeof FIELDS)[number]>): Record<string, string> {
  return { name, username, timeZone: timeZone ?? "" };
}
