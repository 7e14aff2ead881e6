import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { completeSsoSignIn } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { retireConnection } from "#lib/auth/sso/connections/retire-connection.ts";
import { findConnectionOfAddress } from "#lib/auth/sso/domains/find-connection-of-address.ts";
import {
  aLiveConnection,
  arrive,
  federate,
  identityAt,
  leaveFor,
  withDomain,
} from "#tests/support/connections.ts";
import { actingAs, actingWith, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner, waiting } from "#tests/support/database.ts";
import { oneMail, outboxOf } from "#tests/support/mail.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

/** A connection with somebody who has come in by it. */
async function used() {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...everything);
  const connection = await aLiveConnection(tenant, { name: "Provider", firstSignIn: "create" });
  const [{ id: group } = { id: "" }] = await owner()<{ id: string }[]>`
    select id from security_groups where tenant_id = ${tenant.id} and preset = 'read_only'`;
  await owner()`update connections set default_group_id = ${group} where id = ${connection.id}`;
  const claims = { email: "robin@fabrikam.example", emailVerified: true, name: "Robin" };
  const outcome = await arrive(connection, { claims });
  if (outcome.outcome !== "signed_in") throw new Error(`Nobody came in: ${outcome.outcome}.`);
  return { tenant, ctx, connection, connectionId: connection.id, outcome };
}

/** A connection by which the firm's one Administrator signs in. */
async function administered() {
  const tenant = await aTenant();
  const connection = await aLiveConnection(tenant, { name: "Provider" });
  const administrator = await aMember(tenant);
  await federate(tenant, administrator, connection);
  const ctx = actingAs(tenant, administrator, ...everything);
  return { tenant, ctx, connection, connectionId: connection.id, administrator };
}

const said = { name: "Provider", releases: "on" };

describe("a connection is retired for good", () => {
  test("its people become local accounts, signed out, with nothing that leads back to the provider", async () => {
    const { tenant, ctx, connection, connectionId, outcome } = await used();
    await withDomain(connection, "fabrikam.example");
    await retireConnection(ctx, { connectionId, ...said });
    expect(await worthOf(tenant, outcome.session)).not.toBe("full");
    const [member] = await owner()`select connection_id from members where id = ${outcome.memberId}`;
    expect(member?.connection_id).toBeNull();
    expect(await owner()`select 1 from federated_identities where tenant_id = ${tenant.id}`).toHaveLength(0);
    const found = await withTenant(tenant.id, (db) => findConnectionOfAddress(db, "robin@fabrikam.example"));
    expect(found).toBeUndefined();
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "connection.retired",
      targetId: connectionId,
      detail: { people: 1 },
    });
  });

  test("nobody comes in by it any more", async () => {
    const { ctx, connection, connectionId } = await used();
    await retireConnection(ctx, { connectionId, ...said });
    expect(await arrive(connection)).toMatchObject({ outcome: "refused", reason: "connection_not_live" });
    expect((await getConnection(ctx, connectionId)).connection.state).toBe("retired");
  });

  test("nor does who was on the way in while it was being retired (G6)", async () => {
    const { connection, connectionId } = await used();
    const flow = await leaveFor(connection);
    const coming = await owner().begin(async (sql) => {
      await sql`select from connections where id = ${connectionId} for update`;
      const arriving = completeSsoSignIn(visitorOf(connection.tenant), {
        identity: identityAt(connection, {
          claims: { email: "robin@fabrikam.example", emailVerified: true },
        }),
        flowToken: flow.token,
      });
      await expect.poll(waiting).toBe(1);
      await sql`update connections set state = 'retired', default_group_id = null where id = ${connectionId}`;
      return { arriving };
    });
    expect(await coming.arriving).toMatchObject({ outcome: "refused", reason: "connection_not_live" });
  });

  test.each([
    ["while people sign in by it and nobody has said what becomes of them", { name: "Provider" }, "releases"],
    ["without its name", { releases: "on", name: "Prov" }, "name"],
  ])("not %s", async (_, typed, field) => {
    const { tenant, ctx, connectionId } = await used();
    const error = await refused(tenant, () => retireConnection(ctx, { connectionId, ...typed }));
    expect(error).toMatchObject({ code: "invalid", fieldErrors: { [field]: [expect.any(String)] } });
  });

  test("not the last one while single sign-on is enforced (G5)", async () => {
    const { tenant, ctx, connectionId } = await used();
    await owner()`insert into sso_enforcements (tenant_id, scope, enforced_from)
      values (${tenant.id}, 'staff', portal_now())`;
    const error = await refused(tenant, () => retireConnection(ctx, { connectionId, ...said }));
    expect(error).toMatchObject({ code: "conflict" });
    await aLiveConnection(tenant);
    await retireConnection(ctx, { connectionId, ...said });
  });

  describe("not while no Administrator would get in without it (SEC60):", () => {
    test("the last one, who has no address", async () => {
      const { tenant, ctx, connectionId, administrator } = await administered();
      await alter(tenant, administrator, { email: null, emailKey: null });
      const attempt = () => retireConnection(ctx, { connectionId, ...said });
      expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
      await aMember(tenant, { status: "disabled" });
      await alter(tenant, await aMember(tenant), { frozenAt: new Date() });
      expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
      await aMember(tenant, { withoutAddress: true, password: GOOD_PASSWORD });
      await attempt();
    });

    test("whom single sign-on alone would let in, until another signs in by another provider", async () => {
      const { tenant, ctx, connectionId } = await administered();
      const other = await aLiveConnection(tenant);
      await owner()`insert into sso_enforcements (tenant_id, scope, enforced_from)
        values (${tenant.id}, 'staff', portal_now())`;
      const attempt = () => retireConnection(ctx, { connectionId, ...said });
      expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
      await federate(tenant, await aMember(tenant), other, "kim");
      await attempt();
    });
  });

  test("its people are told how they get in again, and nobody whose account is closed", async () => {
    const { tenant, ctx, connectionId, connection, administrator } = await administered();
    const closed = await aMember(tenant, { group: "regular" });
    await federate(tenant, closed, connection, "kim");
    await alter(tenant, closed, { status: "disabled" });
    await retireConnection(ctx, { connectionId, ...said });
    expect(await outboxOf(tenant, "sso-ended")).toMatchObject([
      { member_id: administrator.id, props: { connection: "Provider" } },
    ]);
    expect((await oneMail(tenant, "sso-ended")).text).toContain("Forgot password");
  });

  test("not another firm's, and not twice", async () => {
    const { tenant, ctx, connectionId } = await used();
    const stranger = await used();
    const attempt = () => retireConnection(stranger.ctx, { connectionId, ...said });
    expect(await refused(stranger.tenant, attempt)).toMatchObject({ code: "not_found" });
    await retireConnection(ctx, { connectionId, ...said });
    const again = () => retireConnection(ctx, { connectionId, ...said });
    expect(await refused(tenant, again)).toMatchObject({ code: "conflict" });
  });
});
