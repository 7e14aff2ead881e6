import { beforeEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { proveSecondFactor } from "#lib/auth/mfa/prove-second-factor.ts";
import { completeSsoSignIn } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { beginFlow, FLOW_LASTS } from "#lib/auth/sso/flows.ts";
import { SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import {
  aLiveConnection,
  arrive,
  identityAt,
  type LiveConnection,
  leaveFor,
  withDomain,
  withRules,
} from "#tests/support/connections.ts";
import { contextOf, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { withTotp } from "#tests/support/factors.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { alter, aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

let tenant: Tenant;
let connection: LiveConnection;

beforeEach(async () => {
  tenant = await aTenant();
  connection = await aLiveConnection(tenant, {
    firstSignIn: "create",
    defaultGroupId: await groupOf(tenant, "read_only"),
  });
});

const memberById = (id: string) => withTenant(tenant.id, (db) => findMemberById(db, id));

const lastRefusal = async () =>
  (await auditOf(tenant)).findLast(({ event }) => event === "sign_in.refused")?.reason;

/** Holds that a refusal leaves nothing but its trace and a flow that is over. */
async function refused(attempt: () => Promise<unknown>) {
  const { sso_flows: _, ...before } = await contentsOf(tenant);
  expect(await attempt()).toMatchObject({ outcome: "refused" });
  const { sso_flows: __, ...afterwards } = await contentsOf(tenant);
  expect(afterwards).toEqual(before);
  return lastRefusal();
}

async function someone(said: Parameters<typeof arrive>[1] = {}) {
  const result = await arrive(connection, said);
  if (!("session" in result)) throw new Error(`${result.outcome}`);
  const member = await memberById(result.memberId);
  if (!member) throw new Error("nobody");
  return { ...result, member };
}

describe("whoever the provider vouches for is signed in (004-02, G1, G7)", () => {
  test("for the first time with an account of their own, without any password", async () => {
    const said = { subject: "s-1", claims: { email: "ada@firm.example", emailVerified: true, name: "Ada" } };
    const { session, member, next } = await someone(said);
    expect(next).toBe("/workspaces");
    expect(await worthOf(tenant, session)).toBe("full");
    expect(member).toMatchObject({
      name: "Ada",
      username: "ada@firm.example",
      email: "ada@firm.example",
      kind: "staff",
      connectionId: connection.id,
      securityGroupId: await groupOf(tenant, "read_only"),
    });
    expect((await contentsOf(tenant)).password_credentials).toEqual([]);
    expect((await auditOf(tenant)).map(({ event }) => event)).toEqual([
      "member.federated",
      "session.started",
    ]);
  });

  test("from then on as the same person, whatever address the provider says", async () => {
    const first = await someone({
      subject: "s-1",
      claims: { email: "ada@firm.example", emailVerified: true },
    });
    const again = await someone({
      subject: "s-1",
      claims: { email: "other@firm.example", emailVerified: true },
    });
    expect(again.memberId).toBe(first.memberId);
    expect(again.member.email).toBe("other@firm.example");
    const other = await someone({
      subject: "S-1",
      claims: { email: "ada@firm.example", emailVerified: true },
    });
    expect(other.memberId, "subjects are compared byte for byte").not.toBe(first.memberId);
  });

  test("and an address that nobody vouches for is written down nowhere (INC26)", async () => {
    const { member } = await someone({ claims: { email: "ada@firm.example", name: "Ada" } });
    expect(member).toMatchObject({ email: null, username: "ada" });
    await withDomain(connection, "firm.example");
    const { member: known } = await someone({ claims: { email: "ada@firm.example" } });
    expect(known, "until the firm has proven its domain").toMatchObject({ email: "ada@firm.example" });
  });

  test("twelve first arrivals of one person make one account (REL5)", async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => arrive(connection, { subject: "s" })));
    const ids = new Set(results.map((result) => ("memberId" in result ? result.memberId : "")));
    expect(ids.size).toBe(1);
    expect((await contentsOf(tenant)).members).toHaveLength(1);
  });
});

describe("an answer is refused, with its reason in the firm's log, when", () => {
  const known = { subject: "s-1" };

  test("nobody here has left for the provider", async () => {
    await someone(known);
    const answer = { identity: identityAt(connection, known) };
    expect(await refused(() => completeSsoSignIn(visitorOf(tenant), answer))).toBe("unsolicited");
    const forged = { ...answer, flowToken: "a".repeat(43) };
    expect(await refused(() => completeSsoSignIn(visitorOf(tenant), forged))).toBe("sign_in_over");
  });

  test("it comes a second time, and of fifty at once one is taken (REL5, SEC64)", async () => {
    await someone(known);
    const { token } = await leaveFor(connection);
    const answer = { identity: identityAt(connection, known), flowToken: token };
    const results = await Promise.all(
      Array.from({ length: 50 }, () => completeSsoSignIn(visitorOf(tenant), answer)),
    );
    expect(results.filter(({ outcome }) => outcome === "signed_in")).toHaveLength(1);
    expect(results.filter(({ outcome }) => outcome === "refused")).toHaveLength(49);
  });

  test("more than ten minutes have passed (DEC18)", async () => {
    await someone(known);
    const { token } = await leaveFor(connection);
    await clock.travel(FLOW_LASTS);
    const answer = { identity: identityAt(connection, known), flowToken: token };
    expect(await refused(() => completeSsoSignIn(visitorOf(tenant), answer))).toBe("sign_in_over");
  });

  test("the sign-in was begun at another connection, in either order (INC7)", async () => {
    const other = await aLiveConnection(tenant);
    await someone(known);
    for (const [left, back] of [
      [connection, other],
      [other, connection],
    ] as const) {
      const { token } = await leaveFor(left);
      const answer = { identity: identityAt(back, known), flowToken: token };
      expect(await refused(() => completeSsoSignIn(visitorOf(tenant), answer))).toBe("sign_in_over");
    }
  });

  test("it is another firm's, flow and all (A1)", async () => {
    const elsewhere = await aTenant();
    const foreign = await aLiveConnection(elsewhere, { firstSignIn: "create" });
    const { token } = await leaveFor(foreign);
    const answer = { identity: identityAt(foreign, known), flowToken: token };
    expect(await refused(() => completeSsoSignIn(visitorOf(tenant), answer))).toBe("sign_in_over");
  });

  test.each(["draft", "testing", "retired"] as const)("the connection is %s", async (state) => {
    await someone(known);
    const { token } = await leaveFor(connection);
    await owner()`update connections set state = ${state} where id = ${connection.id}`;
    const answer = { identity: identityAt(connection, known), flowToken: token };
    expect(await refused(() => completeSsoSignIn(visitorOf(tenant), answer))).toBe("connection_not_live");
  });

  test("its configuration serves no more; the one before serves for its time (DEC19)", async () => {
    await someone(known);
    const set = (role: string, until: Date | null) => owner()`
      update connection_configurations set role = ${role}, serves_until = ${until} where id = ${connection.configurationId}`;
    await set("past", null);
    expect(await refused(() => arrive(connection, known))).toBe("configuration_not_serving");
    const now = await withTenant(tenant.id, async (_db, moment) => moment);
    await set("former", new Date(now.getTime() + 1000));
    expect(await arrive(connection, known)).toMatchObject({ outcome: "signed_in" });
    await clock.travel(SECOND);
    expect(await refused(() => arrive(connection, known))).toBe("configuration_not_serving");
  });

  test.each([
    ["switched off", { status: "disabled" as const }, "disabled"],
    ["frozen by its owner", { frozenAt: new Date() }, "frozen"],
    ["deleted", { status: "disabled" as const, deletedAt: new Date() }, "disabled"],
  ])("the account is %s (E3)", async (_, changes, reason) => {
    const { member } = await someone(known);
    await alter(tenant, member, changes);
    expect(await refused(() => arrive(connection, known))).toBe(reason);
  });

  test("somebody here has unlinked the account: an own sign-in alone links it again", async () => {
    const { member } = await someone(known);
    await alter(tenant, member, { connectionId: null });
    expect(await arrive(connection, known)).toMatchObject({ outcome: "link" });
    await owner()`update connections set first_sign_in = 'refuse' where id = ${connection.id}`;
    expect(await refused(() => arrive(connection, known))).toBe("not_known_here");
  });

  test("the firm lets nobody in for the first time", async () => {
    await owner()`update connections set first_sign_in = 'refuse' where id = ${connection.id}`;
    expect(await refused(() => arrive(connection, known))).toBe("not_known_here");
  });
});

describe("what the provider has asked for", () => {
  test("is enough for a second factor only where the firm trusts it (F4, SEC68)", async () => {
    await withOptions(tenant, { secondFactor: "required", trustProviderFactors: false });
    expect(await arrive(connection, { subject: "s", strong: true })).toMatchObject({ outcome: "duty" });
    await withOptions(tenant, { secondFactor: "required", trustProviderFactors: true });
    expect(await arrive(connection, { subject: "s", strong: false })).toMatchObject({
      outcome: "duty",
      session: { duties: ["enroll_second_factor"] },
    });
    const trusted = await arrive(connection, { subject: "s", strong: true });
    if (!("session" in trusted)) throw new Error(trusted.outcome);
    expect(trusted.outcome).toBe("signed_in");
    expect((await contextOf(tenant, trusted.session)).actor?.proven?.factorAt).toBeInstanceOf(Date);
  });

  test("does not take the place of the member's own second factor, or of its lock (SEC17, SEC37)", async () => {
    const { member } = await someone({ subject: "s" });
    await withTotp(tenant, member);
    expect(await arrive(connection, { subject: "s" })).toMatchObject({
      outcome: "duty",
      session: { kind: "pending", duties: ["second_factor"] },
    });
    await owner()`insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
      values (${tenant.id}, ${member.id}, '*', 100, now())`;
    expect(await arrive(connection, { subject: "s" })).toMatchObject({
      outcome: "refused",
      reason: "locked",
    });
  });
});

test("a session that goes on from a second factor is still that of the provider's (G9)", async () => {
  const { member } = await someone({ subject: "s", providerSession: "sid-1" });
  const nextCode = await withTotp(tenant, member);
  const begun = await arrive(connection, { subject: "s", providerSession: "sid-2" });
  if (!("session" in begun)) throw new Error(begun.outcome);
  const proven = await proveSecondFactor(await contextOf(tenant, begun.session), { code: await nextCode() });
  if (proven.outcome !== "proven") throw new Error(proven.reason);
  const rows = await owner()`select session_id from provider_sessions where provider_session = 'sid-2'`;
  expect(rows).toEqual([{ session_id: proven.session.sessionId }]);
});

describe("groups of the provider give a security group, in the firm's order (DEC5, G7)", () => {
  const groupIn = async (said: Parameters<typeof arrive>[1]) => {
    const { member } = await someone(said);
    return member.securityGroupId;
  };

  test("at each sign-in anew: what the provider takes away is gone with the next one", async () => {
    const [regular, readOnly] = [await groupOf(tenant, "regular"), await groupOf(tenant, "read_only")];
    await withRules(connection, ["staff", regular], ["guests", readOnly]);
    expect(await groupIn({ claims: { groups: ["guests", "staff"] } })).toBe(regular);
    expect(await groupIn({ claims: { groups: ["guests"] } })).toBe(readOnly);
    expect(await groupIn({ claims: { groups: [] } }), "the default").toBe(readOnly);
    expect((await auditOf(tenant)).map(({ event }) => event)).toContain("member.group_mapped");
  });

  test("and never above the ceiling unless the firm has said so for that very rule", async () => {
    const administrator = await groupOf(tenant, "administrator");
    await aMember(tenant);
    await withRules(connection, ["admins", administrator], ["chiefs", administrator, true]);
    expect(await groupIn({ claims: { groups: ["admins"] } })).toBe(await groupOf(tenant, "read_only"));
    expect(await groupIn({ claims: { groups: ["chiefs"] } })).toBe(administrator);
    expect(await groupIn({ claims: { groups: ["Chiefs", "chiefs "] } }), "compared whole").not.toBe(
      administrator,
    );
  });

  test("a default above the ceiling counts for nothing", async () => {
    const administrator = await groupOf(tenant, "administrator");
    await owner()`update connections set default_group_id = ${administrator} where id = ${connection.id}`;
    expect(await refused(() => arrive(connection))).toBe("no_group");
  });

  test("whoever no rule matches, where there is no default, is turned away", async () => {
    await withRules(connection, ["staff", await groupOf(tenant, "regular")]);
    await someone({ claims: { groups: ["staff"] } });
    await owner()`update connections set default_group_id = null where id = ${connection.id}`;
    expect(await refused(() => arrive(connection, { claims: { groups: [] } }))).toBe("no_group");
  });

  test("the last Administrator stays one (SEC60)", async () => {
    const [administrator, regular] = [
      await groupOf(tenant, "administrator"),
      await groupOf(tenant, "regular"),
    ];
    await withRules(connection, ["chiefs", administrator, true], ["staff", regular]);
    expect(await groupIn({ claims: { groups: ["chiefs"] } })).toBe(administrator);
    expect(await groupIn({ claims: { groups: ["staff"] } })).toBe(administrator);
    expect((await auditOf(tenant)).map(({ event }) => event)).toContain("member.group_kept");
    await aMember(tenant);
    expect(await groupIn({ claims: { groups: ["staff"] } })).toBe(regular);
  });
});

test("a test sign-in starts no session, and shows what would come of it (G3)", async () => {
  const before = await contentsOf(tenant);
  const { token, flowId } = await withTenant(tenant.id, (db, now) =>
    beginFlow(db, now, {
      connectionId: connection.id,
      configurationId: connection.configurationId,
      purpose: "test",
      next: "/",
    }),
  );
  const identity = identityAt(connection, { claims: { name: "Ada", groups: ["staff"] } });
  expect(await completeSsoSignIn(visitorOf(tenant), { identity, flowToken: token })).toEqual({
    outcome: "tested",
    connectionId: connection.id,
    flowId,
  });
  const {
    sso_flows: flows = [],
    connection_configurations: configurations,
    ...after
  } = await contentsOf(tenant);
  const { sso_flows: _, connection_configurations: __, ...rest } = before;
  expect(after).toEqual(rest);
  expect(flows[0]?.result).toMatchObject({
    outcome: "came_through",
    claims: { name: "Ada", groups: ["staff"] },
  });
  expect(configurations?.[0]?.tested_at).not.toBeNull();
});
