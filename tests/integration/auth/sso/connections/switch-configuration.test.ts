import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { createConnection } from "#lib/auth/sso/connections/create-connection.ts";
import { discardDraft } from "#lib/auth/sso/connections/discard-draft.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { putIntoService } from "#lib/auth/sso/connections/put-into-service.ts";
import { rollBack } from "#lib/auth/sso/connections/roll-back.ts";
import { describeLinkRequest } from "#lib/auth/sso/link-account.ts";
import { DAY, HOUR } from "#lib/core/clock.ts";
import { aTokenOf, worthOfToken } from "#tests/support/api-tokens.ts";
import { clock } from "#tests/support/clock.ts";
import { aLiveConnection, arrive, federate, type LiveConnection } from "#tests/support/connections.ts";
import { actingAs, actingWith, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { aConfiguration, configurationsIn, rolesIn } from "#tests/support/drafts.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

async function connected() {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...everything);
  const { id: connectionId } = await createConnection(ctx, { kind: "oidc", name: "Provider" });
  return { tenant, ctx, connectionId };
}

/** A connection that serves, with a tested draft beside it. */
async function serving() {
  const { tenant, ctx, connectionId } = await connected();
  const first = await aConfiguration(tenant, connectionId, { tested: true });
  await putIntoService(ctx, { connectionId, configurationId: first });
  const second = await aConfiguration(tenant, connectionId, { tested: true });
  return { tenant, ctx, connectionId, first, second };
}

/** Ada signs in by it. */
async function sessionBy(connection: LiveConnection) {
  const outcome = await arrive(connection, { subject: "ada" });
  if (!("session" in outcome)) throw new Error(outcome.outcome);
  return outcome.session;
}

describe("a draft goes into service once a test sign-in has come through with it (G4)", () => {
  test("the first one makes the connection live, and is recorded", async () => {
    const { tenant, ctx, connectionId } = await connected();
    const configurationId = await aConfiguration(tenant, connectionId, { tested: true });
    await putIntoService(ctx, { connectionId, configurationId });
    expect((await getConnection(ctx, connectionId)).connection.state).toBe("live");
    expect(await rolesIn(tenant, connectionId)).toEqual({ [configurationId]: "serving" });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "connection.put_into_service",
      targetId: connectionId,
      detail: { configuration: configurationId },
    });
  });

  test("one that nobody has tested does not", async () => {
    const { tenant, ctx, connectionId } = await connected();
    const configurationId = await aConfiguration(tenant, connectionId);
    const error = await refused(tenant, () => putIntoService(ctx, { connectionId, configurationId }));
    expect(error).toMatchObject({ code: "conflict" });
  });

  test("nor does another draft than the one that was looked at", async () => {
    const { tenant, ctx, connectionId } = await connected();
    await aConfiguration(tenant, connectionId, { tested: true });
    const configurationId = crypto.randomUUID();
    const error = await refused(tenant, () => putIntoService(ctx, { connectionId, configurationId }));
    expect(error).toMatchObject({ code: "conflict" });
  });

  test("nor, of another firm's connection, any", async () => {
    const { tenant, connectionId } = await connected();
    const configurationId = await aConfiguration(tenant, connectionId, { tested: true });
    const stranger = await connected();
    const attempt = () => putIntoService(stranger.ctx, { connectionId, configurationId });
    expect(await refused(stranger.tenant, attempt)).toMatchObject({ code: "not_found" });
    expect(await rolesIn(tenant, connectionId)).toEqual({ [configurationId]: "draft" });
  });
});

describe("what served before goes on beside it for a day, and no longer (DEC19)", () => {
  test("it is the former one, until a day later", async () => {
    const { tenant, ctx, connectionId, first, second } = await serving();
    const now = await clock.stop();
    await putIntoService(ctx, { connectionId, configurationId: second });
    expect(await rolesIn(tenant, connectionId)).toEqual({ [first]: "former", [second]: "serving" });
    const former = (await configurationsIn(tenant, connectionId)).find(({ id }) => id === first);
    expect(former?.servesUntil?.getTime()).toBe(now.getTime() + DAY);
  });

  test("where it is compromised it ends at once, and nothing leads back to it", async () => {
    const { tenant, ctx, connectionId, first, second } = await serving();
    await putIntoService(ctx, { connectionId, configurationId: second, compromised: "on" });
    expect(await rolesIn(tenant, connectionId)).toEqual({ [first]: "past", [second]: "serving" });
    expect(await refused(tenant, () => rollBack(ctx, { connectionId }))).toMatchObject({ code: "conflict" });
  });

  test("where it is compromised, what it has opened ends with it: sessions, tokens since, and what was about to be linked", async () => {
    const tenant = await aTenant();
    const [kim, robin, sam] = [await aMember(tenant), await aMember(tenant), await aMember(tenant)];
    const connection = await aLiveConnection(tenant);
    const former = await aConfiguration(tenant, connection.id, { role: "former", servesFor: DAY });
    const ctx = actingAs(tenant, kim, ...everything);
    await federate(tenant, robin, connection);
    await federate(tenant, sam, connection, "sam");
    const before = await aTokenOf(ctx, sam);
    await owner()`update api_tokens set created_at = created_at - interval '1 day' where tenant_id = ${tenant.id}`;
    const session = await sessionBy(connection);
    const bySafe = await sessionBy({ ...connection, configurationId: former });
    const since = await aTokenOf(ctx, robin);
    const others = await aTokenOf(ctx, kim);
    const asked = await arrive(connection, { subject: "somebody-else" });
    if (asked.outcome !== "link") throw new Error(asked.outcome);

    const configurationId = await aConfiguration(tenant, connection.id, { tested: true });
    await putIntoService(ctx, { connectionId: connection.id, configurationId, compromised: "on" });
    expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await worthOf(tenant, bySafe)).toBe("full");
    expect(await worthOfToken(tenant, since)).not.toBe("full");
    expect([await worthOfToken(tenant, before), await worthOfToken(tenant, others)]).toEqual([
      "full",
      "full",
    ]);
    expect(await describeLinkRequest(visitorOf(tenant), asked.linkToken)).toEqual({ state: "over" });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "connection.put_into_service",
      detail: { compromised: true, sessions: 1, tokens: 1 },
    });
  });

  test("a third one ends the first", async () => {
    const { tenant, ctx, connectionId, first, second } = await serving();
    await putIntoService(ctx, { connectionId, configurationId: second });
    const third = await aConfiguration(tenant, connectionId, { tested: true });
    await putIntoService(ctx, { connectionId, configurationId: third });
    const roles = { [first]: "past", [second]: "former", [third]: "serving" };
    expect(await rolesIn(tenant, connectionId)).toEqual(roles);
  });
});

describe("an administrator goes back to what served before (G4)", () => {
  test("it serves again, and what took its place ends", async () => {
    const { tenant, ctx, connectionId, first, second } = await serving();
    await putIntoService(ctx, { connectionId, configurationId: second });
    await rollBack(ctx, { connectionId });
    expect(await rolesIn(tenant, connectionId)).toEqual({ [first]: "serving", [second]: "past" });
    expect((await getConnection(ctx, connectionId)).past).toMatchObject([
      { id: second, failedBecause: "by_administrator" },
    ]);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "connection.rolled_back",
      reason: "by_administrator",
      detail: { configuration: first },
    });
  });

  test("after a day there is nothing to go back to", async () => {
    const { tenant, ctx, connectionId, second } = await serving();
    await putIntoService(ctx, { connectionId, configurationId: second });
    await clock.travel(DAY);
    expect(await refused(tenant, () => rollBack(ctx, { connectionId }))).toMatchObject({ code: "conflict" });
    await clock.travel(-HOUR);
    await rollBack(ctx, { connectionId });
  });
});

test("a draft is thrown away, and what serves goes on", async () => {
  const { tenant, ctx, connectionId, first } = await serving();
  await discardDraft(ctx, { connectionId });
  expect(await rolesIn(tenant, connectionId)).toEqual({ [first]: "serving" });
  expect(await refused(tenant, () => discardDraft(ctx, { connectionId }))).toMatchObject({
    code: "not_found",
  });
});
