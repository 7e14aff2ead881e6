import { expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { DAY } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { RECOMMENDED, type SecurityOptions } from "#lib/policy/security-options.ts";
import { accessReport } from "#lib/reports/access-report.ts";
import { changeSecurityOptions } from "#lib/settings/change-security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditLogOf } from "#tests/support/histories.ts";
import { bcryptOf } from "#tests/support/imported.ts";
import { anImport, anImporter } from "#tests/support/imports.ts";
import { statesByAuditLog } from "#tests/support/oracle.ts";
import { aClient, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const TOO_SHORT = "qv7kioskw";

/** What the report says of the contacts, which has to be what independent code makes of the audit log (D4). */
async function statesOf(tenant: Tenant): Promise<Record<string, string>> {
  const { rows } = await accessReport(actingWith(tenant, "reports:read", "clients:read"), {});
  const [row] = await owner()<{ now: Date }[]>`select portal_now() as now`;
  const byLog = statesByAuditLog(await auditLogOf(tenant), row?.now ?? new Date(0));
  const states = rows.map(({ id, name, state }) => ({ name, state, byLog: byLog.get(id) }));
  expect(states.map((one) => one.byLog)).toEqual(states.map((one) => one.state));
  return Object.fromEntries(states.map(({ name, state }) => [name, state]));
}

async function choose(tenant: Tenant, changes: Partial<SecurityOptions>, basedOnVersion: number) {
  const administrator = actingWith(tenant, "settings:manage");
  await changeSecurityOptions(administrator, { ...RECOMMENDED, ...changes, basedOnVersion });
}

test("the access report of imported people equals what independent code makes of the audit log (D4, D6)", async () => {
  const tenant = await aTenant();
  await aClient(tenant, [], "Kowalska Studio");
  const line = (name: string, hash: string) => `${name},${name},${name}@mail.example,Kowalska Studio,${hash}`;
  const people = [
    line("good", bcryptOf(GOOD_PASSWORD)),
    line("short", bcryptOf(TOO_SHORT)),
    line("idle", bcryptOf("x")),
    line("none", ""),
  ];
  await anImport(await anImporter(tenant), ["Name,Username,E-mail,Clients,Hash", ...people].join("\n"));
  const atFirst = { good: "active", short: "active", idle: "active", none: "never_invited" };
  expect(await statesOf(tenant)).toEqual(atFirst);

  await signInWithPassword(visitorOf(tenant), { identifier: "good", password: GOOD_PASSWORD });
  await signInWithPassword(visitorOf(tenant), { identifier: "short", password: TOO_SHORT });
  await choose(tenant, { rulesApplyAt: "next_sign_in" }, 0);
  expect(await statesOf(tenant)).toEqual({ ...atFirst, short: "must_change", idle: "must_change" });

  await choose(tenant, { expiryDays: 90 }, 1);
  await clock.travel(89 * DAY);
  expect(await statesOf(tenant)).toEqual(atFirst);
  await clock.travel(2 * DAY);
  const expired = { good: "expired", short: "expired", idle: "expired" };
  expect(await statesOf(tenant)).toEqual({ ...atFirst, ...expired });
});
