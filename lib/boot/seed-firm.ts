import { randomInt } from "node:crypto";
import { clientContacts, clients, workspaces } from "#db/schema/clients.ts";
import { securityOptions } from "#db/schema/security-options.ts";
import type { DemoFirm, DemoPerson } from "#db/seeds/demo-firms.ts";
import { DEMO_GROUP_RULES, DEMO_PEOPLE, DEMO_SAML_PEOPLE } from "#db/seeds/demo-provider.ts";
import type { TenantDb } from "#db/tenant.ts";
import { GROUP_PRESETS } from "#lib/access/permissions.ts";
import { hashPassword } from "#lib/auth/password/hash-password.ts";
import { storePassword } from "#lib/auth/password/password-credentials.ts";
import { insertMember } from "#lib/members/create-member.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import { createTenant } from "#lib/tenancy/create-tenant.ts";

export type DemoCredential = { firm: string; slug: string; role: string; username: string; password: string };

/** Who looks around for the first time has no second factor, and should not have to get one for every button. */
const BEGINNING: SecurityOptions = { ...RECOMMENDED, stepUpFor: "enrolled" };

type DemoPassword = { password: string; hash: string };

type Account = DemoPassword & { person: DemoPerson };

/** Makes a demo firm, whole or not at all, with passwords made at this moment. Gives what one signs in with. */
export async function seedFirm(firm: DemoFirm, nextPassword = demoPassword): Promise<DemoCredential[]> {
  const accounts: Account[] = [];
  for (const person of firm.people) accounts.push({ person, ...(await nextPassword()) });
  await createTenant(firm, async (db, now) => {
    await db.insert(securityOptions).values({ version: 0, options: BEGINNING });
    const ids = new Map<string, string>();
    for (const account of accounts) ids.set(account.person.email, await insertAccount(db, now, account));
    for (const [name, contacts] of Object.entries(firm.clients)) {
      await insertClient(
        db,
        name,
        contacts.map((email) => ids.get(email) ?? ""),
      );
    }
  });
  return [...credentialsOf(firm, accounts), ...(firm.signsInBy ? peopleOfProvider(firm) : [])];
}

function credentialsOf(firm: DemoFirm, accounts: Account[]): DemoCredential[] {
  return accounts.map(({ person, password }) => ({
    firm: firm.name,
    slug: firm.slug,
    role: GROUP_PRESETS.find(({ preset }) => preset === person.group)?.name ?? person.group,
    username: person.username ?? person.email,
    password,
  }));
}

/** The portal has no account for them yet. */
function peopleOfProvider({ name: firm, slug }: DemoFirm): DemoCredential[] {
  return [...DEMO_PEOPLE, ...DEMO_SAML_PEOPLE].map(({ email: username, groups }) => {
    const preset = DEMO_GROUP_RULES.find(({ groupValue }) => groups.includes(groupValue))?.preset;
    const role = GROUP_PRESETS.find((group) => group.preset === preset)?.name ?? "";
    return { firm, slug, role, username, password: "by single sign-on, at the demo provider" };
  });
}

async function insertAccount(db: TenantDb, now: Date, { person, hash }: Account): Promise<string> {
  const member = await insertMember(db, person);
  await storePassword(db, now, { memberId: member.id, hash });
  return member.id;
}

async function insertClient(db: TenantDb, name: string, memberIds: string[]): Promise<void> {
  const [client] = await db.insert(clients).values({ name }).returning();
  if (!client) throw new Error(`The client ${name} was not made.`);
  await db.insert(workspaces).values({ clientId: client.id });
  await db.insert(clientContacts).values(memberIds.map((memberId) => ({ clientId: client.id, memberId })));
}

const SYLLABLES = [
  "ba",
  "do",
  "fe",
  "gu",
  "ka",
  "li",
  "mo",
  "nu",
  "pe",
  "ri",
  "so",
  "ta",
  "ve",
  "wi",
  "zo",
  "hu",
];

/** Four made-up words of three syllables: 48 bits, and easy to type from a terminal. */
export async function demoPassword(): Promise<DemoPassword> {
  const word = () => Array.from({ length: 3 }, () => SYLLABLES[randomInt(SYLLABLES.length)]).join("");
  const password = Array.from({ length: 4 }, word).join("-");
  return { password, hash: await hashPassword(password) };
}
