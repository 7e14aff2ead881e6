import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { clientContacts, clients, workspaces } from "#db/schema/clients.ts";
import { connections } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import type { GroupPreset, Permission } from "#lib/access/permissions.ts";
import { hashPassword } from "#lib/auth/password/hash-password.ts";
import { storePassword } from "#lib/auth/password/password-credentials.ts";
import type { Tenant } from "#lib/core/context.ts";
import { insertMember } from "#lib/members/create-member.ts";
import type { Member } from "#lib/members/find-member.ts";
import { RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import { createTenant } from "#lib/tenancy/create-tenant.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";

/** Made of nothing that any name in these tests contains, so that only a test's own choice is refused. */
export const GOOD_PASSWORD = "quilt marble 7 otter";
export const OTHER_PASSWORD = "violet anchor 3 drum";

let count = 0;

/** A firm of its own, so that no test meets another's rows. */
export async function aTenant(name = "Fabrikam"): Promise<Tenant> {
  count += 1;
  const slug = `firm-${count}`;
  await createTenant({ slug, name }, async () => undefined);
  const tenant = await findTenant(slug);
  if (!tenant) throw new Error("The firm was not made.");
  return tenant;
}

type Wanted = {
  kind?: "staff" | "contact";
  group?: GroupPreset;
  name?: string;
  username?: string;
  email?: string;
  password?: string;
  status?: "enabled" | "disabled";
  federated?: boolean;
  mustChangePassword?: boolean;
  withoutAddress?: boolean;
  /** A custom security group with these permissions, instead of a preset. */
  permissions?: Permission[];
};

/** An account of a firm. Without a wish it is an enabled Administrator with no password. */
export async function aMember(tenant: Tenant, wanted: Wanted = {}): Promise<Member> {
  count += 1;
  const { kind = "staff", name = "Robin Example", username = `person${count}` } = wanted;
  const group = wanted.group ?? (kind === "contact" ? "contact" : "administrator");
  const hash = wanted.password === undefined ? undefined : await hashOf(wanted.password);
  const email = wanted.email ?? `person${count}@mail.example`;

  return withTenant(tenant.id, async (db, now) => {
    const { id } = await insertMember(db, { kind, name, username, email, group });
    if (hash) await storePassword(db, now, { memberId: id, hash, acceptedUnder: rulesOf(RECOMMENDED) });
    const custom = wanted.permissions && (await insertGroup(db, wanted.permissions));
    const [member] = await db
      .update(members)
      .set({
        status: wanted.status ?? "enabled",
        mustChangePassword: wanted.mustChangePassword ?? false,
        ...(wanted.federated && { connectionId: await aConnection(db) }),
        ...(wanted.withoutAddress && { email: null, emailKey: null }),
        ...(custom && { securityGroupId: custom }),
      })
      .where(eq(members.id, id))
      .returning();
    if (!member) throw new Error("The member was not made.");
    return member;
  });
}

/** A connection that signs nobody in, for accounts that are federated by whatever it may be. */
async function aConnection(db: TenantDb): Promise<string> {
  const [connection] = await db
    .insert(connections)
    .values({ kind: "oidc", name: `Connection ${randomUUID()}` })
    .returning();
  return connection?.id ?? "";
}

/** Of each password once: a hash costs as much as the rest of an account twice over. */
function hashOf(password: string): Promise<string> {
  const known = hashes.get(password) ?? hashPassword(password);
  hashes.set(password, known);
  return known;
}

const hashes = new Map<string, Promise<string>>();

async function insertGroup(db: Parameters<typeof insertMember>[0], permissions: Permission[]) {
  const name = `Custom ${randomUUID()}`;
  const [group] = await db.insert(securityGroups).values({ name, permissions }).returning();
  return group?.id;
}

/** The id of one of the groups that a firm begins with. */
export async function groupOf(tenant: Tenant, preset: GroupPreset): Promise<string> {
  const [group] = await withTenant(tenant.id, (db) =>
    db.select().from(securityGroups).where(eq(securityGroups.preset, preset)),
  );
  return group?.id ?? "";
}

/** A client with its workspace and these contacts. */
export async function aClient(tenant: Tenant, contacts: Member[] = [], name = `Client ${randomUUID()}`) {
  return withTenant(tenant.id, async (db) => {
    const [client] = await db.insert(clients).values({ name }).returning();
    const clientId = client?.id ?? "";
    const [workspace] = await db.insert(workspaces).values({ clientId }).returning();
    for (const { id: memberId } of contacts) await db.insert(clientContacts).values({ clientId, memberId });
    return { id: clientId, name, workspaceId: workspace?.id ?? "" };
  });
}

/** Changes an account behind the product's back, as another request in between would have done. A connection is made for it. */
export async function alter(tenant: Tenant, member: Member, changes: Partial<Member>): Promise<void> {
  const { connectionId: id } = changes;
  await withTenant(tenant.id, async (db) => {
    if (id) await db.insert(connections).values({ id, kind: "oidc", name: id }).onConflictDoNothing();
    await db.update(members).set(changes).where(eq(members.id, member.id));
  });
}
