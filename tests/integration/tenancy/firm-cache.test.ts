import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Listening } from "#db/listen.ts";
import { readSession } from "#lib/auth/session/read-session.ts";
import type { Tenant } from "#lib/core/context.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { forgetFirm } from "#lib/tenancy/firm-cache.ts";
import { hearOfChanges } from "#lib/tenancy/hear-of-changes.ts";
import { changeTenantStatus } from "#lib/tenancy/manage-tenants.ts";
import { hostOf, signIn } from "#tests/support/contexts.ts";
import { owner, runtimeUrl } from "#tests/support/database.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let changes: Listening;
beforeAll(async () => {
  changeSettings({ DATABASE_DIRECT_URL: runtimeUrl() });
  changes = hearOfChanges();
  const { slug } = await aTenant();
  await vi.waitFor(async () => expect(await statementsOf(() => findTenant(slug))).toEqual([]));
});
afterAll(() => changes.stop());
afterEach(() => vi.useRealTimers());

/** Notices come in the order of the commits: once this one was heard, so were all before it. */
async function everythingIsHeard(): Promise<void> {
  await findTenant("probe");
  await owner()`select pg_notify('firm_changed', 'probe')`;
  await expect.poll(() => statementsOf(() => findTenant("probe"))).not.toEqual([]);
}

const versionOf = async ({ slug }: Tenant) => {
  forgetFirm(slug);
  return (await findTenant(slug))?.version ?? 0;
};

test("a firm is looked up once, and again when it has changed: the database tells of it (PERF11)", async () => {
  const { slug, id } = await aTenant();
  await everythingIsHeard();
  await findTenant(slug);
  expect(await statementsOf(() => findTenant(slug))).toEqual([]);
  await owner()`update tenants set name = 'Renamed' where id = ${id}`;
  await expect.poll(async () => (await findTenant(slug))?.name).toBe("Renamed");
});

test("a name that was nobody's is a firm's as soon as there is one, and a closed firm is gone", async () => {
  expect(await findTenant("not-yet")).toBeUndefined();
  expect(await statementsOf(() => findTenant("not-yet"))).toEqual([]);
  await owner()`insert into tenants (slug, name) values ('not-yet', 'Now')`;
  await expect.poll(async () => (await findTenant("not-yet"))?.name).toBe("Now");
  await changeTenantStatus("not-yet", "disabled");
  await expect.poll(() => findTenant("not-yet")).toBeUndefined();
});

test("made-up names push out no firm, however many come", async () => {
  const { slug } = await aTenant();
  await everythingIsHeard();
  vi.useFakeTimers({ toFake: ["performance"] });
  await findTenant(slug);
  for (let made = 0; made < 1_500; made++) await findTenant(`made-up-${made}`);
  expect(await statementsOf(() => findTenant(slug))).toEqual([]);
  expect(await statementsOf(() => findTenant("made-up-0")), "and are not kept without end").not.toEqual([]);
});

test("a session brings the firm's present version, and what was kept under another is not used", async () => {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  const { token } = await signIn(tenant, "robin", GOOD_PASSWORD);
  await owner()`update tenants set name = 'Renamed' where id = ${tenant.id}`;
  const reading = await readSession(tenant, hostOf(tenant), token);
  expect(reading.state === "full" && reading.tenant.name).toBe("Renamed");
  await owner()`update tenants set status = 'disabled' where id = ${tenant.id}`;
  expect(await readSession(tenant, hostOf(tenant), token)).toEqual({ state: "none", reason: "disabled" });
});

test.each([
  ["its settings", "insert into firm_settings (tenant_id, support_name) values ($1, 'Reception')"],
  [
    "its security options",
    "insert into security_options (tenant_id, version, options) values ($1, 99, '{}')",
  ],
  ["a connection", "insert into connections (tenant_id, kind, name) values ($1, 'oidc', 'Entra')"],
])("there is a new version with %s", async (_, statement) => {
  const tenant = await aTenant();
  const before = await versionOf(tenant);
  await owner().unsafe(statement, [tenant.id]);
  expect(await versionOf(tenant)).toBeGreaterThan(before);
});

test("and none with what is merely counted, nor with another firm's", async () => {
  const [tenant, other] = [await aTenant(), await aTenant()];
  await owner()`insert into connections (tenant_id, kind, name) values (${tenant.id}, 'oidc', 'Entra')`;
  const before = await versionOf(tenant);
  await owner()`update connections set trusts_domains = true where tenant_id = ${tenant.id}`;
  await owner()`insert into firm_settings (tenant_id) values (${other.id})`;
  expect(await versionOf(tenant)).toBe(before);
});
