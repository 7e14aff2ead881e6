import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { completeSsoSignIn } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { countFailure, countSuccess } from "#lib/auth/sso/count-outcome.ts";
import { refuseSso } from "#lib/auth/sso/refuse-sso.ts";
import { DAY } from "#lib/core/clock.ts";
import { clock } from "#tests/support/clock.ts";
import { aLiveConnection, identityAt, leaveFor } from "#tests/support/connections.ts";
import { signIn, visitorOf } from "#tests/support/contexts.ts";
import { aConfiguration, configurationsIn, rolesIn } from "#tests/support/drafts.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

/** A connection whose new configuration has just been put into service, with the one before beside it. */
async function switched() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant);
  const connection = await aLiveConnection(tenant);
  const { id: connectionId, configurationId } = connection;
  const former = await aConfiguration(tenant, connectionId, { role: "former", servesFor: DAY });
  const fail = async (reason: string, { device, why }: { device?: string; why?: string } = {}) => {
    const { token: flowToken } = await leaveFor(connection);
    const detail = why ? { why } : {};
    await refuseSso(visitorOf(tenant, { device }), { connectionId, flowToken, reason, detail });
  };
  const failures = async () =>
    (await configurationsIn(tenant, connectionId)).find(({ id }) => id === configurationId)?.failures;
  const roles = () => rolesIn(tenant, connectionId);
  return { tenant, administrator, connection, connectionId, configurationId, former, fail, failures, roles };
}

describe("what has just been put into service and fails is taken back by itself (G4)", () => {
  test("three failures and no success: the one before serves again, it is recorded, and the administrators are mailed", async () => {
    const { tenant, administrator, connectionId, configurationId, former, fail, roles } = await switched();
    await aMember(tenant, { group: "regular" });
    for (const _ of [1, 2]) await fail("id_token_signature");
    expect((await roles())[configurationId]).toBe("serving");
    await fail("id_token_signature");
    expect(await roles()).toEqual({ [configurationId]: "past", [former]: "serving" });
    expect((await auditOf(tenant)).find(({ event }) => event === "connection.rolled_back")).toMatchObject({
      actorKind: "system",
      targetId: connectionId,
      reason: "id_token_signature",
      detail: { failures: 3, successes: 0, configuration: former },
    });
    expect(await outboxOf(tenant, "sso-alert")).toMatchObject([
      { member_id: administrator.id, props: { alert: "rolled_back" } },
    ]);
  });

  test("once it has worked, a rate above a half of six or more", async () => {
    const { tenant, configurationId, fail, roles } = await switched();
    const succeed = () => withTenant(tenant.id, (db) => countSuccess(db, configurationId));
    for (const _ of [1, 2]) await succeed();
    for (const _ of [1, 2, 3]) await fail("tokens_missing");
    expect((await roles())[configurationId]).toBe("serving");
    await fail("tokens_missing");
    expect((await roles())[configurationId]).toBe("past");
  });

  test("a sign-in that the one before serves comes through, and counts as a failure of the new one", async () => {
    const { tenant, connection, former, configurationId, roles } = await switched();
    await aMember(tenant);
    for (const _ of [1, 2, 3]) {
      const { token: flowToken } = await leaveFor(connection);
      const identity = identityAt({ ...connection, configurationId: former });
      const outcome = await completeSsoSignIn(visitorOf(tenant), { identity, flowToken });
      expect(outcome.outcome).toBe("link");
    }
    expect(await roles()).toEqual({ [configurationId]: "past", [former]: "serving" });
  });

  test("one that the new one serves after it was begun under the one before is no failure of anybody's", async () => {
    const { tenant, connection, former, failures } = await switched();
    for (const _ of [1, 2, 3]) {
      const { token: flowToken } = await leaveFor({ ...connection, configurationId: former });
      await completeSsoSignIn(visitorOf(tenant), { identity: identityAt(connection), flowToken });
    }
    expect(await failures()).toBe(0);
  });

  test("after the day of the one before, nothing is left to go back to", async () => {
    const { configurationId, fail, roles, failures } = await switched();
    await clock.travel(DAY);
    for (const _ of [1, 2, 3, 4]) await fail("id_token_signature");
    expect((await roles())[configurationId]).toBe("serving");
    expect(await failures()).toBe(4);
  });
});

describe("nobody outside can force it (G4):", () => {
  test.each([
    "unknown_signature",
    "code_refused",
    "id_token_nonce",
    "answer_issuer",
    "cancelled",
    "not_requested",
    "anything_else",
  ])("%s, as often as a stranger likes", async (reason) => {
    const { configurationId, fail, roles, failures } = await switched();
    for (const _ of [1, 2, 3, 4]) await fail(reason, { device: "a-token-that-nobody-gave" });
    expect(await failures()).toBe(0);
    expect((await roles())[configurationId]).toBe("serving");
  });

  test("without a flow that was begun here nothing counts at all", async () => {
    const { tenant, connectionId, failures } = await switched();
    const answer = { connectionId, flowToken: "made-up", reason: "id_token_signature" };
    for (const _ of [1, 2, 3]) await refuseSso(visitorOf(tenant), answer);
    expect(await failures()).toBe(0);
  });

  test("what only a browser says counts once for each browser in which somebody of the firm has been", async () => {
    const { tenant, configurationId, fail, roles, failures } = await switched();
    const deviceOf = async (username: string) => {
      await aMember(tenant, { username, password: GOOD_PASSWORD });
      return (await signIn(tenant, username, GOOD_PASSWORD)).device ?? "";
    };
    const [first, second, third] = [await deviceOf("a"), await deviceOf("b"), await deviceOf("c")];
    for (const _ of [1, 2, 3]) await fail("unknown_signature", { device: first });
    expect(await failures()).toBe(1);
    await fail("unknown_signature", { device: second });
    await fail("unknown_signature", { device: third });
    expect((await roles())[configurationId]).toBe("past");
  });

  test("a provider that refuses our client says so whoever asks", async () => {
    const { configurationId, fail, roles } = await switched();
    for (const _ of [1, 2, 3]) await fail("code_refused", { why: "status_401" });
    expect((await roles())[configurationId]).toBe("past");
  });
});

test("of many failures at once one rolls back, and mails once", async () => {
  const { tenant, configurationId, roles } = await switched();
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withTenant(tenant.id, (db, now) =>
        countFailure(db, { ...visitorOf(tenant), now }, { configurationId, reason: "tokens_missing" }),
      ),
    ),
  );
  expect((await roles())[configurationId]).toBe("past");
  expect(await outboxOf(tenant, "sso-alert")).toHaveLength(1);
});
