import { expect, test } from "vitest";
import { DAY } from "#lib/core/clock.ts";
import { runChores } from "#lib/jobs/run-chores.ts";
import { clock } from "#tests/support/clock.ts";
import { aLiveConnection } from "#tests/support/connections.ts";
import { owner } from "#tests/support/database.ts";
import { aCertificate, aConfiguration, samlWith } from "#tests/support/drafts.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

/** A live SAML connection whose certificates end after so many days. */
async function connectedFor(days: { provider: number[]; own: number }) {
  const now = await clock.stop();
  const tenant = await aTenant();
  const administrator = await aMember(tenant);
  await aMember(tenant, { group: "regular" });
  const { id, configurationId } = await aLiveConnection(tenant, { kind: "saml", name: "Provider" });
  await owner()`delete from connection_configurations where id = ${configurationId}`;
  const until = (number: number) =>
    aCertificate(new Date(now.getTime() - DAY), new Date(now.getTime() + number * DAY));
  const provider = await Promise.all(days.provider.map(until));
  await aConfiguration(tenant, id, { role: "serving", settings: samlWith(provider, await until(days.own)) });
  const warned = async () => {
    const mails = await outboxOf(tenant, "sso-alert");
    return mails.map(({ props }) => [props.alert, props.days]);
  };
  return { tenant, administrator, warned };
}

test("in a year four warnings of a certificate go out: 60, 30, 7 and 1 days before its end, to administrators (G10)", async () => {
  const { tenant, administrator, warned } = await connectedFor({ provider: [200], own: 3000 });
  for (let day = 0; day < 365; day += 1) {
    await runChores();
    await clock.travel(DAY);
  }
  expect(await warned()).toEqual([60, 30, 7, 1].map((days) => ["provider_certificate_ends", days]));
  const mails = await outboxOf(tenant, "sso-alert");
  expect(new Set(mails.map(({ member_id }) => member_id))).toEqual(new Set([administrator.id]));
  expect((await auditOf(tenant)).filter(({ event }) => event === "certificate.warned")).toHaveLength(4);
});

test("after a pause only what counts now is told, and once", async () => {
  const { warned } = await connectedFor({ provider: [70], own: 3000 });
  await clock.travel(65 * DAY);
  await runChores();
  await runChores();
  expect(await warned()).toEqual([["provider_certificate_ends", 5]]);
});

test("our own certificate and each of the provider's are told of for themselves (G10)", async () => {
  const { warned } = await connectedFor({ provider: [20, 3000], own: 20 });
  await runChores();
  expect((await warned()).sort()).toEqual([
    ["own_certificate_ends", 20],
    ["provider_certificate_ends", 20],
  ]);
});
