import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { addDomain } from "#lib/auth/sso/domains/add-domain.ts";
import { findConnectionOfAddress } from "#lib/auth/sso/domains/find-connection-of-address.ts";
import { removeDomain } from "#lib/auth/sso/domains/remove-domain.ts";
import { verifyDomain } from "#lib/auth/sso/domains/verify-domain.ts";
import { DAY, HOUR } from "#lib/core/clock.ts";
import { runChores } from "#lib/jobs/run-chores.ts";
import { clock } from "#tests/support/clock.ts";
import { aLiveConnection } from "#tests/support/connections.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { aNameServer, type Zone } from "#tests/support/dns-server.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

let zone: Zone;
let server: Awaited<ReturnType<typeof aNameServer>>;

beforeEach(async () => {
  zone = {};
  server = await aNameServer(zone);
  changeSettings({ DNS_SERVERS: server.address });
});

afterEach(async () => {
  await server.close();
  changeSettings({ DNS_SERVERS: undefined });
});

async function connected() {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...everything);
  const { id: connectionId } = await aLiveConnection(tenant);
  const publish = ({ domain, challenge }: { domain: string; challenge: string }) => {
    zone[`_portal-challenge.${domain}`] = { texts: ["something else", challenge] };
  };
  const leadsTo = async (address: string) =>
    (await withTenant(tenant.id, (db) => findConnectionOfAddress(db, address)))?.id;
  const prove = async (domain: string) => {
    const added = await addDomain(ctx, { connectionId, domain });
    publish(added);
    await verifyDomain(ctx, { connectionId, domainId: added.id });
    return { connectionId, domainId: added.id, record: `_portal-challenge.${added.domain}` };
  };
  return { tenant, ctx, connectionId, publish, leadsTo, prove };
}

describe("a domain counts once a DNS record has proven it (A5, SEC67)", () => {
  test("its addresses lead to the connection from then on, and not before", async () => {
    const { tenant, ctx, connectionId, publish, leadsTo } = await connected();
    const added = await addDomain(ctx, { connectionId, domain: "Fabrikam.Example" });
    const wish = { connectionId, domainId: added.id };
    expect(await refused(tenant, () => verifyDomain(ctx, wish))).toMatchObject({
      code: "invalid",
      fieldErrors: { domainId: [expect.stringContaining("_portal-challenge.fabrikam.example")] },
    });
    expect(await leadsTo("robin@fabrikam.example")).toBeUndefined();
    publish(added);
    await verifyDomain(ctx, wish);
    expect(await leadsTo("Robin@FABRIKAM.example")).toBe(connectionId);
    expect(await leadsTo("robin@sub.fabrikam.example")).toBeUndefined();
    expect(await leadsTo("robin@fabrikam.example.evil.example")).toBeUndefined();
    expect((await auditOf(tenant)).map(({ event }) => event)).toEqual(["domain.added", "domain.proven"]);
  });

  test("no look-alike of an address leads anywhere (G6)", async () => {
    const { leadsTo, prove } = await connected();
    await prove("fabrikam.example");
    for (const address of ["robin＠fabrikam.example", "robin@fabrikаm.example", "a@b@fabrikam.example"]) {
      expect(await leadsTo(address)).toBeUndefined();
    }
  });

  test("one is written as IDNA writes it", async () => {
    const { ctx, connectionId } = await connected();
    expect(await addDomain(ctx, { connectionId, domain: "Müller.Example" })).toMatchObject({
      domain: "xn--mller-kva.example",
    });
  });

  test("the record of one domain proves no other, and that of another firm proves nothing", async () => {
    const { ctx, connectionId } = await connected();
    const stranger = await connected();
    const theirs = await addDomain(stranger.ctx, {
      connectionId: stranger.connectionId,
      domain: "fabrikam.example",
    });
    stranger.publish(theirs);
    const ours = await addDomain(ctx, { connectionId, domain: "fabrikam.example" });
    await expect(verifyDomain(ctx, { connectionId, domainId: ours.id })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  test("when no name server answers, that is what is said", async () => {
    const { ctx, connectionId } = await connected();
    const { id: domainId } = await addDomain(ctx, { connectionId, domain: "fabrikam.example" });
    changeSettings({ DNS_SERVERS: "127.0.0.1:1" });
    await expect(verifyDomain(ctx, { connectionId, domainId })).rejects.toMatchObject({
      fieldErrors: { domainId: [expect.stringContaining("No name server")] },
    });
  });

  test.each([
    ...["gmail.com", "outlook.com", "hotmail.co.uk", "yahoo.fr", "web.de", "co.uk", "com.au", "com"],
    ...["localhost", "10.0.0.1", "a b.example", "fabrikam．example", "-a.example"],
  ])("%s is nobody's own, and nothing is written", async (domain) => {
    const { tenant, ctx, connectionId } = await connected();
    const error = await refused(tenant, () => addDomain(ctx, { connectionId, domain }));
    expect(error).toMatchObject({ code: "invalid", fieldErrors: { domain: [expect.any(String)] } });
  });

  test("a domain is at one connection of a firm, and can be taken away", async () => {
    const { tenant, ctx, connectionId, leadsTo, prove } = await connected();
    const { domainId } = await prove("fabrikam.example");
    const { id: other } = await aLiveConnection(tenant);
    const again = () => addDomain(ctx, { connectionId: other, domain: "fabrikam.example" });
    expect(await refused(tenant, again)).toMatchObject({ code: "conflict" });
    await removeDomain(ctx, { connectionId, domainId });
    expect(await leadsTo("robin@fabrikam.example")).toBeUndefined();
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "domain.removed" });
  });

  test("another firm's connection and domain are not found", async () => {
    const { connectionId, prove } = await connected();
    const { domainId } = await prove("fabrikam.example");
    const { tenant, ctx } = await connected();
    const attempts = [
      () => addDomain(ctx, { connectionId, domain: "contoso.example" }),
      () => verifyDomain(ctx, { connectionId, domainId }),
      () => removeDomain(ctx, { connectionId, domainId }),
    ];
    for (const attempt of attempts) {
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
    }
  });
});

describe("the proof is looked at again (SEC61)", () => {
  test("a record that has been missing for a week proves nothing any more, and the administrators are mailed", async () => {
    const { tenant, connectionId, leadsTo, prove } = await connected();
    const administrator = await aMember(tenant);
    const { record } = await prove("fabrikam.example");
    delete zone[record];
    await clock.travel(DAY);
    await runChores();
    await clock.travel(7 * DAY - HOUR);
    await runChores();
    expect(await leadsTo("robin@fabrikam.example")).toBe(connectionId);
    await clock.travel(HOUR);
    await runChores();
    expect(await leadsTo("robin@fabrikam.example")).toBeUndefined();
    expect(await outboxOf(tenant, "sso-alert")).toMatchObject([
      { member_id: administrator.id, props: { alert: "domain_unproven", domain: "fabrikam.example" } },
    ]);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "domain.unproven",
      actorKind: "system",
      detail: { domain: "fabrikam.example" },
    });
    await runChores();
    expect(await outboxOf(tenant, "sso-alert")).toHaveLength(1);
  });

  test("one that is back in time goes on as if nothing had been", async () => {
    const { ctx, connectionId, prove } = await connected();
    const { record } = await prove("fabrikam.example");
    const kept = zone[record] ?? {};
    delete zone[record];
    await clock.travel(DAY);
    await runChores();
    expect((await getConnection(ctx, connectionId)).domains[0]?.missingSince).not.toBeNull();
    zone[record] = kept;
    await clock.travel(8 * DAY);
    await runChores();
    expect((await getConnection(ctx, connectionId)).domains[0]).toMatchObject({ missingSince: null });
  });

  test("where no name server answers, nothing is concluded", async () => {
    const { connectionId, leadsTo, prove } = await connected();
    await prove("fabrikam.example");
    changeSettings({ DNS_SERVERS: "127.0.0.1:1" });
    for (const _ of [1, 2, 3]) {
      await clock.travel(8 * DAY);
      await runChores();
    }
    expect(await leadsTo("robin@fabrikam.example")).toBe(connectionId);
  });
});
