import { eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { GroupPreset } from "#lib/access/permissions.ts";
import type { Context } from "#lib/core/context.ts";
import { invalid } from "#lib/core/errors.ts";
import { accountNames } from "./account-names.ts";
import type { Member } from "./find-member.ts";
import { promisedAddresses } from "./promised-addresses.ts";
import { whyTaken } from "./why-taken.ts";

export type NewMember = {
  kind: "staff" | "contact";
  name: string;
  /** Absent: the address is the username. */
  username?: string;
  email: string;
  /** One of those that a firm begins with, or `securityGroupId`, which was judged before. */
  group?: GroupPreset;
  securityGroupId?: string;
  /** Of who signs in by an identity provider. */
  connectionId?: string;
};

/** Adds an account without a password. Throws invalid or conflict beside the field. */
export async function insertMember(db: TenantDb, wanted: NewMember, ctx?: Context): Promise<Member> {
  const { kind, name, username, email, connectionId } = wanted;
  const names = accountNames({ username, email });
  const securityGroupId = wanted.securityGroupId ?? (await findGroup(db, wanted.group));
  if (!securityGroupId) throw invalid({ group: ["This security group does not exist."] });

  if (names.emailKey && (await promisedAddresses(db, [names.emailKey])).size > 0) {
    throw await whyTaken(db, ctx, names);
  }
  const [member] = await db
    .insert(members)
    .values({ kind, name, ...names, securityGroupId, connectionId })
    .onConflictDoNothing()
    .returning();
  if (!member) throw await whyTaken(db, ctx, names);
  return member;
}

async function findGroup(db: TenantDb, preset: GroupPreset | undefined): Promise<string | undefined> {
  if (!preset) return undefined;
  const [group] = await db.select().from(securityGroups).where(eq(securityGroups.preset, preset));
  return group?.id;
}
