import { eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { GroupPreset } from "#lib/access/permissions.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import type { Member } from "./find-member.ts";
import { emailKey, usernameKey } from "./identifier.ts";

export type NewMember = {
  kind: "staff" | "contact";
  name: string;
  /** Absent: the address is the username. */
  username?: string;
  email: string;
  group: GroupPreset;
};

/** Adds an account without a password. Throws invalid or conflict beside the field. */
export async function insertMember(
  db: TenantDb,
  { kind, name, username, email, group }: NewMember,
): Promise<Member> {
  const addressKey = emailKey(email);
  if (!addressKey)
    throw invalid({ email: [`${email.slice(0, 80)} is not an e-mail address that mail can be sent to.`] });
  const nameKey = usernameKey(username ?? email);
  if (!nameKey || (nameKey.includes("@") && nameKey !== addressKey)) {
    throw invalid({
      username: ["A username is letters, digits and . _ - +, or the person's own e-mail address."],
    });
  }
  const [securityGroup] = await db.select().from(securityGroups).where(eq(securityGroups.preset, group));
  if (!securityGroup) throw invalid({ group: ["This security group does not exist."] });

  const [member] = await db
    .insert(members)
    .values({
      kind,
      name,
      username: username ?? email,
      usernameKey: nameKey,
      email,
      emailKey: addressKey,
      securityGroupId: securityGroup.id,
    })
    .onConflictDoNothing()
    .returning();
  if (!member) throw conflict("username", "Another account of this firm has this username or e-mail.");
  return member;
}
