import { describe, expect, test } from "vitest";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import { aProgramOf, ask } from "#tests/support/api.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { owner, waiting } from "#tests/support/database.ts";
import { withTotp } from "#tests/support/factors.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { aClient, aMember, aTenant } from "#tests/support/tenants.ts";

async function aFirm() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant, { name: "Zoe" });
  const program = await aProgramOf(tenant, administrator);
  const contact = await aMember(tenant, { kind: "contact", name: "Ann" });
  const staff = await aMember(tenant, { name: "Max", group: "regular" });
  await withTotp(tenant, staff);
  const client = await aClient(tenant, [contact], "Harbor");
  const made = await ask(program, "POST /groups", { body: { name: "Auditors" } });
  const ids = { contacts: contact.id, members: staff.id, clients: client.id, groups: made.json.id as string };
  return { tenant, administrator, program, ids };
}

const TABLES = {
  contacts: "members",
  members: "members",
  clients: "clients",
  groups: "security_groups",
} as const;

const CHANGES = [
  ["DELETE", "contacts", ""],
  ["DELETE", "members", ""],
  ["DELETE", "clients", ""],
  ["DELETE", "groups", ""],
  ["PUT", "contacts", "/access"],
  ["PUT", "members", "/access"],
] as const;

/** Takes nothing of what the version is about: it goes with another change of the same version. */
const FACTORS = ["DELETE", "members", "/second-factors"] as const;

const BODIES: Record<string, object> = {
  "/access": { body: { status: "disabled" } },
  "/second-factors": { body: { reason: "Lost on a train" } },
};

/** Renames a row by hand, and holds it until somebody waits for it. */
async function overtake(table: string, id: string): Promise<void> {
  await owner().begin(async (sql) => {
    await sql`update ${sql(table)} set name = 'Overtaken' where id = ${id}`;
    await expect.poll(waiting).toBe(1);
  });
}

describe("If-Match is compared with the row that is changed, inside the change (SEC28):", () => {
  test.each([...CHANGES, FACTORS])(
    "%s of %s%s is too late where another change is just being saved",
    async (...change) => {
      const [method, kind, below] = change;
      const { tenant, program, ids } = await aFirm();
      const at = `/${kind}/${ids[kind]}`;
      const { headers } = await ask(program, `GET ${at}`);
      const asking = {
        headers: { "if-match": headers.get("etag") ?? "" },
        ...BODIES[below],
      };
      const before = await contentsOf(tenant);
      const overtaking = overtake(TABLES[kind], ids[kind]);
      await expect.poll(() => isHeld(TABLES[kind], ids[kind])).toBe(true);
      const [answer] = await Promise.all([ask(program, `${method} ${at}${below}`, asking), overtaking]);
      expect(answer.status).toBe(412);
      const after = await contentsOf(tenant);
      expect(after.audit_events).toEqual(before.audit_events);
      expect((await ask(program, `GET ${at}`)).json.name).toBe("Overtaken");
    },
  );

  test.each(CHANGES)("of %s of %s%s and a change of the same version one is made", async (...change) => {
    const [method, kind, below] = change;
    const { program, ids } = await aFirm();
    const at = `/${kind}/${ids[kind]}`;
    const { headers } = await ask(program, `GET ${at}`);
    const seen = { "if-match": headers.get("etag") ?? "" };
    const answers = await Promise.all([
      ask(program, `${method} ${at}${below}`, { headers: seen, ...BODIES[below] }),
      ask(program, `PATCH ${at}`, { headers: seen, body: { name: "Other" } }),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412 || status === 404)).toHaveLength(1);
  });
});

/** Whether another transaction holds a row. */
async function isHeld(table: string, id: string): Promise<boolean> {
  const sql = owner();
  const free = await sql`select from ${sql(table)} where id = ${id} for update skip locked`;
  return free.length === 0;
}

describe("of two who saw the same API token as the current one (004-08)", () => {
  test("one generates the next, and the other is told to look again", async () => {
    const { tenant, administrator } = await aFirm();
    const person = actingAs(tenant, administrator, "api_tokens:own");
    const first = await generateApiToken(person, {});
    const generate = () => ask(person, "POST /api-tokens", { body: { replaces: first.id } });
    const answers = await Promise.all([generate(), generate()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const generated = (await auditOf(tenant)).filter(({ event }) => event === "api_token.generated");
    expect(generated).toHaveLength(2);
  });

  test("one revokes it, and who does so at the same moment leaves no second trace", async () => {
    const { tenant, administrator } = await aFirm();
    const person = actingAs(tenant, administrator, "api_tokens:own");
    const { id } = await generateApiToken(person, {});
    const revoke = () => ask(person, `DELETE /api-tokens/${id}`);
    expect((await Promise.all([revoke(), revoke()])).map(({ status }) => status)).toEqual([204, 204]);
    const revoked = (await auditOf(tenant)).filter(({ event }) => event === "api_token.revoked");
    expect(revoked).toHaveLength(1);
  });
});
