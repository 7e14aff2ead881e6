import { eq } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { isPowerful } from "#lib/access/powerful-groups.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { invalid } from "#lib/core/errors.ts";
import { requireGroup } from "#lib/groups/find-group.ts";
import { requireHeld } from "#lib/groups/held.ts";
import { requireVersion } from "#lib/members/require-version.ts";
import type { Connection } from "../configuration.ts";
import { nameTaken } from "./create-connection.ts";
import { lockUsedConnection } from "./find-connection.ts";
import { FOR_CONTACTS } from "./group-rules.ts";
import { ChangeConnectionInput } from "./input.ts";

type Fields = Pick<
  Connection,
  "name" | "firstSignIn" | "trustsDomains" | "defaultGroupId" | "allowsUnsolicited"
>;

/**
 * Changes what a connection is called and whom it lets in. What it goes by at the provider is a draft's matter.
 * @throws DomainError not_found, invalid, forbidden, conflict
 */
export const changeConnection = command({
  event: "connection.changed",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: ChangeConnectionInput,
  async run({ db, ctx }, { connectionId, version, ...wanted }) {
    const before = await lockUsedConnection(db, connectionId);
    const next = { ...wanted, allowsUnsolicited: before.kind === "saml" && wanted.allowsUnsolicited };
    await requireGrantable(db, ctx, before, next);
    const [typed, saved] = [await shownAs(db, next), await shownAs(db, before)];
    requireVersion(before, version, { typed, saved });
    const changed = await save(db, connectionId, next);
    return { connection: changed ?? before, changes: changesOf(before, next) };
  },
  audit: ({ connection: { id }, changes }) =>
    Object.keys(changes).length > 0 ? [{ event: "connection.changed", targetId: id, detail: changes }] : [],
});

/** In a savepoint: what the constraint refuses can still be explained. */
async function save(db: TenantDb, id: string, next: Fields): Promise<Connection | undefined> {
  try {
    const [changed] = await db.transaction((savepoint) =>
      savepoint.update(connections).set(next).where(eq(connections.id, id)).returning(),
    );
    return changed;
  } catch (error) {
    if (isNameTaken(error)) throw nameTaken();
    throw error;
  }
}

function isNameTaken(error: unknown): boolean {
  const cause =
    error instanceof Error ? (error.cause as { constraint_name?: string } | undefined) : undefined;
  return cause?.constraint_name === "connections_name_key";
}

/** The group of those whom no rule gives another: what its chooser holds, and nothing above the ceiling (G7, SEC60). */
async function requireGrantable(db: TenantDb, ctx: Context, before: Fields, next: Fields): Promise<void> {
  if (next.defaultGroupId === null || next.defaultGroupId === before.defaultGroupId) return;
  const group = await requireGroup(db, next.defaultGroupId);
  requireHeld(ctx, group);
  if (group.preset === "contact") throw invalid({ defaultGroupId: [FOR_CONTACTS] });
  if (isPowerful(group)) throw invalid({ defaultGroupId: [ABOVE_FOR_ALL] });
}

const ABOVE_FOR_ALL =
  "Everybody whom the provider knows would get this group. Give it by a rule of its own, for one of the provider’s groups.";

/** The fields in the words of the page, for whoever was overtaken (E6). */
async function shownAs(db: TenantDb, fields: Fields) {
  const [group] = fields.defaultGroupId
    ? await db.select().from(securityGroups).where(eq(securityGroups.id, fields.defaultGroupId))
    : [];
  return {
    name: fields.name,
    firstSignIn: FIRST_SIGN_IN_WORDS[fields.firstSignIn],
    trustsDomains: fields.trustsDomains ? "ticked" : "not ticked",
    defaultGroupId: group?.name ?? "",
    allowsUnsolicited: fields.allowsUnsolicited ? "ticked" : "not ticked",
  };
}

export const FIRST_SIGN_IN_WORDS = {
  refuse: "Refuse",
  link: "Ask which account is theirs",
  create: "Create an account",
} as const satisfies Record<Connection["firstSignIn"], string>;

function changesOf(before: Fields, next: Fields): Record<string, string | boolean> {
  return {
    ...(before.name !== next.name && { name: next.name }),
    ...(before.firstSignIn !== next.firstSignIn && { firstSignIn: next.firstSignIn }),
    ...(before.trustsDomains !== next.trustsDomains && { trustsDomains: next.trustsDomains }),
    ...(before.defaultGroupId !== next.defaultGroupId && { defaultGroup: next.defaultGroupId ?? "none" }),
    ...(before.allowsUnsolicited !== next.allowsUnsolicited && {
      allowsUnsolicited: next.allowsUnsolicited,
    }),
  };
}
