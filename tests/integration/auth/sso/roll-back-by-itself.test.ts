import { describe, expect, test } from "vitest";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { rememberDevice } from "#lib/auth/device/known-devices.ts";
import { completeSsoSignIn } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { countFailure, countSuccess } from "#lib/auth/sso/count-outcome.ts";
import { refuseSso } from "#lib/auth/sso/refuse-sso.ts";
import { DAY } from "#lib/core/clock.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { aLiveConnection, federate, identityAt, leaveFor } from "#tests/support/connections.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { waiting } from "#tests/support/database.ts";
import { aConfiguration, configurationsIn, rolesIn } from "#tests/support/drafts.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf } from "#tests/support/records.ts";
import { alter, aMember, aTenant } from "#tests/support/tenants.ts";

/** A connection whose new configuration has just been put into service, with the one before beside it. */
async function switched() {
  const tenant = await aTenant();
  const administrator = await aMember(tenant);
  const connection = await aLiveConnection(tenant);
  const { id: connectionId, configurationId } = connection;
  const former = await aConfiguration(tenant, connectionId, { role: "former", servesFor: DAY });
  const fail = async (reason: string, { device, why }: { device?: string; why?: string } = {}) => {
    const { token: flowToken } = await leaveFor(connection);
    const detail: Record<string, string> = why ? { why } : {};
    await refuseSso(visitorOf(tenant, { device }), { connectionId, flowToken, reason, detail });
  };
  const known = new Map<string, Member>();
  /** Another browser in which this person is known. */
  const browserOf = async (username: string, who: Who = {}) => {
    const { federated = true, status = "enabled", ...wanted } = who;
    const there = known.get(username);
    const member = there ?? (await aMember(tenant, { group: "regular", username, ...wanted }));
    if (!there && federated) await federate(tenant, member, connection, username);
    if (!there) await alter(tenant, member, { status });
    known.set(username, member);
    return withTenant(tenant.id, (db, now) => rememberDevice(db, { ...visitorOf(tenant), now }, member.id));
  };
  const failures = async () =>
    (await configurationsIn(tenant, connectionId)).find(({ id }) => id === configurationId)?.failures;
  const roles = () => rolesIn(tenant, connectionId);
  const made = { tenant, administrator, connection, connectionId, configurationId, former };
  return { ...made, browserOf, fail, failures, roles };
}

type Who = {
  kind?: "contact";
  group?: "contact";
  status?: "disabled";
  federated?: boolean;
};

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

  describe("what may be somebody's own doing", () => {
    const DOING = "code_refused";

    test("counts once for each of the staff whom the connection signs in", async () => {
      const { browserOf, configurationId, fail, roles, failures } = await switched();
      const [first, again] = [await browserOf("a"), await browserOf("a")];
      for (const device of [first, again, first, again]) await fail(DOING, { device });
      expect(await failures()).toBe(1);
      await fail(DOING, { device: await browserOf("b") });
      await fail(DOING, { device: await browserOf("c") });
      expect((await roles())[configurationId]).toBe("past");
    });

    test.each([
      ["a contact's", { kind: "contact", group: "contact" }],
      ["that of somebody who is disabled", { status: "disabled" }],
      ["that of somebody who signs in by a password", { federated: false }],
    ] as const)("never counts in a browser that is %s", async (_, who) => {
      const { browserOf, configurationId, fail, roles, failures } = await switched();
      for (const username of ["a", "b", "c", "d"]) {
        await fail(DOING, { device: await browserOf(username, who) });
      }
      expect(await failures()).toBe(0);
      expect((await roles())[configurationId]).toBe("serving");
    });

    test.each([
      ...["answer_issuer", "answer_issuer_missing", "answer_malformed", "state"],
      ...["unsigned", "unknown_signature", "digest_mismatch", "wrong_issuer", "wrong_destination"],
      ...["not_encrypted", "not_decrypted"],
    ])("never counts where the browser itself has written it: %s", async (reason) => {
      const { browserOf, fail, failures } = await switched();
      await fail(reason, { device: await browserOf("a") });
      expect(await failures()).toBe(0);
    });
  });

  test("a provider that refuses our client says so whoever asks", async () => {
    const { configurationId, fail, roles } = await switched();
    for (const _ of [1, 2, 3]) await fail("code_refused", { why: "status_401" });
    expect((await roles())[configurationId]).toBe("past");
  });
});

test("who is let in by the one before, and the failure that ends what serves, never wait for each other", async () => {
  const { tenant, configurationId, former, fail, roles } = await switched();
  for (const _ of [1, 2]) await fail("tokens_missing");
  const counting = (reason: string) => (db: TenantDb, now: Date) =>
    countFailure(db, { ...visitorOf(tenant), now }, { configurationId, reason });
  const other: Promise<boolean>[] = [];
  await withTenant(tenant.id, async (db, now) => {
    await countSuccess(db, former);
    other.push(withTenant(tenant.id, counting("tokens_missing")));
    await expect.poll(waiting).toBe(1);
    await counting("served_by_former")(db, now);
  });
  await Promise.all(other);
  expect(await roles()).toEqual({ [configurationId]: "past", [former]: "serving" });
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
