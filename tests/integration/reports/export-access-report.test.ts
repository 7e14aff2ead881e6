import { describe, expect, test } from "vitest";
import { members } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { exportAccessReport } from "#lib/reports/export-access-report.ts";
import { actingWith, signIn } from "#tests/support/contexts.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { aClient, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const ALL: Permission[] = ["reports:read", "members:read", "clients:read"];

const exported = (tenant: Tenant, filters: object = {}, { byteOrderMark = false, permissions = ALL } = {}) =>
  exportAccessReport(actingWith(tenant, ...permissions), { filters, byteOrderMark });

const textOf = async ({ pieces }: { pieces: AsyncIterable<string> }) =>
  (await Array.fromAsync(pieces)).join("");

const linesOf = async (table: { pieces: AsyncIterable<string> }) =>
  (await textOf(table)).split("\r\n").filter((line) => line !== "");

const HEADINGS =
  '"Name","Kind","Username","Clients","E-mail","State","Reason","Last login (UTC)","Last mail"';

async function aFirm() {
  const tenant = await aTenant();
  const marta = await aMember(tenant, {
    kind: "contact",
    name: '=HYPERLINK("//evil")',
    username: "marta",
    email: "marta@k.example",
  });
  const john = await aMember(tenant, {
    kind: "contact",
    name: "John",
    username: "john@x.example",
    email: "john@x.example",
  });
  await aMember(tenant, { name: "Ada", username: "ada", email: "ada@x.example", password: GOOD_PASSWORD });
  await aClient(tenant, [marta, john], "@Studio");
  await aClient(tenant, [john], "Harbor, Inc.");
  return tenant;
}

describe("the report as a table (D4)", () => {
  test("has a line for each person, and nothing in it is a formula (UX34)", async () => {
    const tenant = await aFirm();
    await signIn(tenant, "ada", GOOD_PASSWORD);
    const [headings, ...lines] = await linesOf(await exported(tenant));
    const never = '"Never invited","No invitation has been mailed yet.","",""';
    expect(headings).toBe(HEADINGS);
    expect(lines).toHaveLength(3);
    expect(lines).toContain(
      `"'=HYPERLINK(""//evil"")","Contact","marta","'@Studio","m***@k***.example",${never}`,
    );
    expect(lines).toContain(`"John","Contact","","'@Studio; Harbor, Inc.","j***@x***.example",${never}`);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^"Ada","Staff","ada","","a\*\*\*@x\*\*\*\.example","Active","Nothing stands in the way\.","\d{4}-\d\d-\d\d \d\d:\d\d",""$/,
      ),
    );
  });

  test("has all that the filters let through, and the mark by which Excel knows UTF-8 when it is asked for (UX34)", async () => {
    const tenant = await aFirm();
    const plain = await exported(tenant, { kind: "contact", q: "john", after: crypto.randomUUID() });
    expect(await linesOf(plain)).toHaveLength(2);
    const marked = await exported(tenant, { state: "active" }, { byteOrderMark: true });
    const text = await textOf(marked);
    expect(text.startsWith(`\uFEFF${HEADINGS}\r\n`)).toBe(true);
    expect(text.trimEnd().split("\r\n")).toHaveLength(2);
  });

  test("has no more than its reader may see", async () => {
    const tenant = await aFirm();
    const permissions: Permission[] = ["reports:read", "clients:read"];
    expect((await linesOf(await exported(tenant, {}, { permissions }))).join()).not.toContain("Ada");
    expect((await exported(tenant, {}, { permissions: ["reports:read"] })).people).toBe(0);
  });

  test("has thousands of lines as well as one", async () => {
    const tenant = await aTenant();
    const { securityGroupId } = await aMember(tenant);
    const people = Array.from({ length: 2345 }, (_, at) => ({
      kind: "staff" as const,
      name: `P ${at}`,
      username: `p${at}`,
      usernameKey: `p${at}`,
      securityGroupId,
    }));
    await withTenant(tenant.id, (db) => db.insert(members).values(people));
    const table = await exported(tenant);
    expect(table.people, "more than are counted").toBeUndefined();
    expect(new Set(await linesOf(table)).size).toBe(2347);
    const inState = await exported(tenant, { state: "no_address" });
    expect(await linesOf(inState)).toHaveLength(2346);
  });
});

test("whoever takes the report away is recorded with what it was, and nothing else is written (UX34, J1)", async () => {
  const tenant = await aFirm();
  const before = await contentsOf(tenant);
  await exported(tenant, { kind: "contact", state: "never_invited", q: "somebody typed this" });
  expect(await contentsOf(tenant)).toEqual(before);
  const [event] = await auditOf(tenant);
  expect(event).toMatchObject({
    event: "report.exported",
    actorKind: "member",
    detail: { report: "access", people: 0, kind: "contact", state: "never_invited", searched: true },
  });
  expect(JSON.stringify(event)).not.toContain("typed this");
});
