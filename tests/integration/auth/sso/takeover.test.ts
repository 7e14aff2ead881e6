import { beforeEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { completeSsoSignIn } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { linkAccount } from "#lib/auth/sso/link-account.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { findMemberById, type Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import {
  aLiveConnection,
  arrive,
  federate,
  identityAt,
  type LiveConnection,
  type Said,
  withDomain,
  withRules,
} from "#tests/support/connections.ts";
import { contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner, waiting } from "#tests/support/database.ts";
import { withTotp } from "#tests/support/factors.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf, contentsOf, rowsOf } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, groupOf } from "#tests/support/tenants.ts";

const ADDRESS = "kim.ravi@firm.example";

let tenant: Tenant;
let victim: Member;

beforeEach(async () => {
  tenant = await aTenant();
  victim = await aMember(tenant, { group: "regular", email: ADDRESS, password: GOOD_PASSWORD });
});

const memberById = (id: string) => withTenant(tenant.id, (db) => findMemberById(db, id));

const linkingTo = (wanted: Parameters<typeof aLiveConnection>[1] = {}) =>
  aLiveConnection(tenant, { firstSignIn: "create", ...wanted });

async function trusting(kind: "oidc" | "saml" = "oidc") {
  const connection = await linkingTo({
    kind,
    trustsDomains: true,
    defaultGroupId: await groupOf(tenant, "regular"),
  });
  await withDomain(connection, "firm.example");
  return connection;
}

/** The victim's account is as it was: nobody came into it, and the password still opens it. */
async function expectNotTaken(result: unknown) {
  expect(result).not.toMatchObject({ memberId: victim.id, session: expect.anything() });
  expect({ ...(await memberById(victim.id)), lastSignInAt: null }).toEqual(victim);
  const { federated_identities: identities = [] } = await contentsOf(tenant);
  expect(identities.filter(({ member_id }) => member_id === victim.id)).toEqual([]);
  await signIn(tenant, ADDRESS, GOOD_PASSWORD);
}

const says = (email: string, emailVerified = true): Said => ({
  subject: "attacker",
  claims: { email, emailVerified, name: "Ravi" },
});

describe("twenty ways to take an account over by linking, and none does (G6, INC6, INC12, INC20, INC26)", () => {
  test("1. an address that the provider has not verified", async () => {
    await expectNotTaken(await arrive(await trusting(), says(ADDRESS, false)));
  });

  test("2. a verified address, where the firm has proven no domain", async () => {
    const connection = await linkingTo({ trustsDomains: true });
    expect(await arrive(connection, says(ADDRESS))).toMatchObject({ outcome: "refused", reason: "no_group" });
    await expectNotTaken(undefined);
  });

  test("3. a verified address in a proven domain that the firm does not trust for it", async () => {
    const connection = await linkingTo({ defaultGroupId: await groupOf(tenant, "regular") });
    await withDomain(connection, "firm.example");
    const result = await arrive(connection, says(ADDRESS));
    expect(result, "it is an account's already: whose, a sign-in says").toMatchObject({ outcome: "link" });
    await expectNotTaken(result);
  });

  test("4. a domain that was said to be the firm's and never proven", async () => {
    const connection = await linkingTo({ trustsDomains: true, firstSignIn: "link" });
    await withDomain(connection, "firm.example", false);
    await expectNotTaken(await arrive(connection, says(ADDRESS)));
  });

  test("5. a domain that another connection of the firm has proven", async () => {
    await withDomain(await linkingTo(), "firm.example");
    await expectNotTaken(
      await arrive(await linkingTo({ trustsDomains: true, firstSignIn: "link" }), says(ADDRESS)),
    );
  });

  test("6. a domain that another firm has proven for its provider (nOAuth)", async () => {
    const evil = await aTenant();
    const connection = await aLiveConnection(evil, {
      ...{ firstSignIn: "create", trustsDomains: true },
      defaultGroupId: await groupOf(evil, "administrator"),
    });
    await withDomain(connection, "firm.example");
    expect(await arrive(connection, says(ADDRESS))).toMatchObject({ outcome: "refused" });
    const here = { identity: identityAt(connection, says(ADDRESS)) };
    await expectNotTaken(await completeSsoSignIn(visitorOf(tenant), here));
  });

  test.each([
    ["7. a full-width @", "kim.ravi\uff20firm.example"],
    ["8. a Kelvin sign that folds to k", "\u212aim.ravi@firm.example"],
    ["9. a dotless i", "k\u0131m.ravi@firm.example"],
    ["10. a Cyrillic а", "kim.r\u0430vi@firm.example"],
    ["11. a quoted local part with a second @", '"kim.ravi@firm.example"@evil.example'],
    ["12. a second address behind a comma", "evil@evil.example,kim.ravi@firm.example"],
    ["13. a line end", "kim.ravi@firm.example\r\nBcc: evil@evil.example"],
    ["14. a domain above the proven one", "kim.ravi@firm.example.evil.example"],
    ["15. a domain below the proven one", "kim.ravi@sub.firm.example"],
  ])("%s", async (_, email) => {
    await expectNotTaken(await arrive(await trusting(), says(email)));
  });

  test("16. an address that an administrator of the provider has invented for an Administrator of the firm", async () => {
    await owner()`update members set security_group_id = ${await groupOf(tenant, "administrator")} where id = ${victim.id}`;
    victim = (await memberById(victim.id)) ?? victim;
    const connection = await trusting();
    await expectNotTaken(await arrive(connection, says(ADDRESS)));
    await owner()`update connections set kind = 'saml' where tenant_id = ${tenant.id}`;
    await expectNotTaken(await arrive(connection, says(ADDRESS)));
  });

  test("17. a subject, username or name that is the victim's id, username or address", async () => {
    const connection = await trusting();
    for (const subject of [victim.id, victim.username, ADDRESS]) {
      const claims = { username: victim.username, name: victim.name };
      const result = await arrive(connection, { subject, claims });
      await expectNotTaken(result);
      if (!("memberId" in result)) throw new Error(result.outcome);
      expect(await memberById(result.memberId ?? "")).not.toMatchObject({ username: victim.username });
    }
  });

  test("18. an account that somebody set up beforehand with the victim's address keeps nothing of theirs (INC12)", async () => {
    const code = await withTotp(tenant, victim);
    const squatter = await signIn(tenant, ADDRESS, GOOD_PASSWORD);
    expect(code).toBeDefined();
    const result = await arrive(await trusting(), says(ADDRESS));
    expect(result).toMatchObject({ outcome: "signed_in", memberId: victim.id });
    expect(await worthOf(tenant, squatter)).toBe("revoked");
    await expect(signIn(tenant, ADDRESS, GOOD_PASSWORD)).rejects.toThrow("federated");
    const { password_credentials, totp_factors, recovery_codes, known_devices } = await contentsOf(tenant);
    expect([password_credentials, totp_factors, recovery_codes].flat()).toEqual([]);
    expect(
      known_devices?.filter(({ member_id }) => member_id === victim.id),
      "the one that came in",
    ).toHaveLength(1);
    expect((await outboxOf(tenant, "account-linked"))[0]).toMatchObject({ to_address: ADDRESS });
  });

  test("19. two people of one provider, mixed up while the one links (INC20)", async () => {
    const connection = await linkingTo({ firstSignIn: "link" });
    const mallory = await arrive(connection, { subject: "mallory", claims: { email: ADDRESS } });
    const ravi = await arrive(connection, { subject: "ravi", claims: { email: ADDRESS } });
    if (mallory.outcome !== "link" || ravi.outcome !== "link") throw new Error("nobody was asked");
    await linkAccount(await provenSince(), { token: ravi.linkToken });
    expect(await identitiesOf(victim)).toEqual(["ravi"]);
    const other = await aMember(tenant, { group: "regular", password: GOOD_PASSWORD });
    const again = await linkAccount(await provenSince(other), { token: ravi.linkToken });
    expect(again).toMatchObject({ outcome: "refused", reason: "link_request_over" });
    expect(await arrive(connection, { subject: "mallory" })).toMatchObject({ outcome: "link" });
    expect(await identitiesOf(victim)).toEqual(["ravi"]);
  });

  test("20. a victim who was signed in already when the attacker's link arrived in the browser (INC21)", async () => {
    const connection = await linkingTo({ firstSignIn: "link" });
    const before = await provenSince();
    await clock.travel(SECOND);
    const mallory = await arrive(connection, { subject: "mallory" });
    if (mallory.outcome !== "link") throw new Error("nobody was asked");
    const result = await linkAccount(before, { token: mallory.linkToken });
    expect(result).toMatchObject({ outcome: "refused", reason: "not_proven_since" });
    await expectNotTaken(undefined);
  });

  test("21. an answer that nobody asked for, for somebody who is not linked (G8)", async () => {
    const connection = await trusting("saml");
    await owner()`update connections set allows_unsolicited = true where id = ${connection.id}`;
    const result = await completeSsoSignIn(visitorOf(tenant), {
      identity: identityAt(connection, says(ADDRESS)),
    });
    expect(result).toMatchObject({ outcome: "refused", reason: "unsolicited_stranger" });
    await expectNotTaken(result);
  });

  test("22. an account that is switched off or frozen, by its address (E3)", async () => {
    const connection = await trusting();
    for (const changes of [{ status: "disabled" as const }, { frozenAt: new Date() }]) {
      await alter(tenant, victim, changes);
      const result = await arrive(connection, says(ADDRESS));
      expect(result).not.toMatchObject({ memberId: victim.id });
      expect(await identitiesOf(victim)).toEqual([]);
      await alter(tenant, victim, { status: "enabled", frozenAt: null });
    }
  });

  test("23. a subject that somebody here has unlinked, by its address again", async () => {
    const connection = await trusting();
    expect(await arrive(connection, says(ADDRESS))).toMatchObject({ memberId: victim.id });
    await alter(tenant, victim, { connectionId: null });
    expect(await arrive(connection, says(ADDRESS))).toMatchObject({ outcome: "link" });
    expect(await memberById(victim.id)).toMatchObject({ connectionId: null });
  });

  test("24. an address that the provider says it has not verified, or whose domain is another connection's", async () => {
    const connection = await linkingTo({ defaultGroupId: await groupOf(tenant, "regular") });
    const other = await linkingTo({ defaultGroupId: await groupOf(tenant, "regular") });
    await withDomain(connection, "firm.example");
    for (const [at, email, emailVerified] of [
      [connection, "ceo@firm.example", false],
      [other, "cto@firm.example", true],
    ] as const) {
      const result = await arrive(at, { subject: email, claims: { email, emailVerified } });
      if (!("memberId" in result)) throw new Error(result.outcome);
      expect(await memberById(result.memberId ?? "")).toMatchObject({ email: null });
    }
  });

  test("25. a domain whose proof is missing at present", async () => {
    const connection = await trusting();
    await owner()`update connection_domains set missing_since = now() where tenant_id = ${tenant.id}`;
    await expectNotTaken(await arrive(connection, says(ADDRESS)));
  });

  test("26. forged groups of whoever gets an account of their own (G7)", async () => {
    const connection = await linkingTo({ defaultGroupId: await groupOf(tenant, "read_only") });
    await withRules(connection, ["Administrator", await groupOf(tenant, "administrator")]);
    const groups = [
      "Administrator",
      "administrator",
      await groupOf(tenant, "administrator"),
      "*",
      "sso:manage",
    ];
    const result = await arrive(connection, { subject: "attacker", claims: { groups } });
    if (!("session" in result)) throw new Error(result.outcome);
    const { actor } = await contextOf(tenant, result.session);
    expect(actor?.groupName).toBe("Read Only User");
    await expectNotTaken(result);
  });
});

/** The member, or the victim, signed in anew by what is the account's own. */
async function provenSince(member = victim): Promise<MemberContext> {
  const ctx = await contextOf(tenant, await signIn(tenant, member.username, GOOD_PASSWORD));
  if (!ctx.actor) throw new Error("The sign-in owes something.");
  return { ...ctx, actor: ctx.actor };
}

async function identitiesOf({ id }: Member) {
  const rows = await owner()`select provider_account_id from federated_identities where member_id = ${id}`;
  return rows.map(({ provider_account_id }) => provider_account_id as string);
}

describe("whoever proves an account links it, and the provider alone opens it from then on (G6, SEC67)", () => {
  const asked = async (connection: LiveConnection) => {
    const result = await arrive(connection, { subject: "ravi", providerSession: "sid-1" });
    if (result.outcome !== "link") throw new Error(result.outcome);
    return result.linkToken;
  };

  test("by a sign-in of its own since the provider has spoken", async () => {
    const connection = await linkingTo({ firstSignIn: "link" });
    const elsewhere = await provenSince();
    const token = await asked(connection);
    const ctx = await provenSince();
    const result = await linkAccount(ctx, { token });
    if (result.outcome !== "linked" || result.session.outcome === "refused") throw new Error("not linked");
    expect(await worthOf(tenant, result.session.session)).toBe("full");
    expect(await memberById(victim.id)).toMatchObject({
      connectionId: connection.id,
      username: victim.username,
    });
    expect((await contentsOf(tenant)).password_credentials).toEqual([]);
    await expect(signIn(tenant, ADDRESS, GOOD_PASSWORD)).rejects.toThrow("federated");
    const rows = await owner()`select revoked_reason from sessions where id = any(${[
      elsewhere.actor.sessionId,
      ctx.actor.sessionId,
    ]})`;
    expect(rows.map(({ revoked_reason }) => revoked_reason)).toEqual([
      "member_federated",
      "member_federated",
    ]);
    expect(await arrive(connection, { subject: "ravi" })).toMatchObject({
      outcome: "signed_in",
      memberId: victim.id,
    });
    const events = (await auditOf(tenant)).map(({ event }) => event);
    expect(events).toContain("member.federated");
    expect(await outboxOf(tenant, "account-linked")).toHaveLength(1);
  });

  test("of fifty presses at once, one links", async () => {
    const connection = await linkingTo({ firstSignIn: "link" });
    const token = await asked(connection);
    const ctx = await provenSince();
    const results = await Promise.all(Array.from({ length: 50 }, () => linkAccount(ctx, { token })));
    expect(results.filter(({ outcome }) => outcome === "linked")).toHaveLength(1);
    expect(await identitiesOf(victim)).toEqual(["ravi"]);
  });

  test.each([
    ["after a quarter of an hour", () => clock.travel(15 * MINUTE), "link_request_over"],
    [
      "where the connection is retired in between",
      () => owner()`update connections set state = 'retired' where tenant_id = ${tenant.id}`,
      "link_request_over",
    ],
    [
      "where the firm no longer lets anybody link",
      () => owner()`update connections set first_sign_in = 'refuse' where tenant_id = ${tenant.id}`,
      "not_known_here",
    ],
  ])("not %s", async (_, happens, reason) => {
    const token = await asked(await linkingTo({ firstSignIn: "link" }));
    await happens();
    const result = await linkAccount(await provenSince(), { token });
    expect(result).toMatchObject({ outcome: "refused", reason });
    await expectNotTaken(undefined);
  });

  test("not while the connection is being retired (SEC67)", async () => {
    const connection = await linkingTo({ firstSignIn: "link" });
    const token = await asked(connection);
    const ctx = await provenSince();
    const pressed = await owner().begin(async (sql) => {
      await sql`select from connections where id = ${connection.id} for update`;
      const linking = linkAccount(ctx, { token });
      await expect.poll(waiting).toBe(1);
      await sql`update connections set state = 'retired' where id = ${connection.id}`;
      return { linking };
    });
    expect(await pressed.linking).toMatchObject({ outcome: "refused", reason: "link_request_over" });
    await expectNotTaken(undefined);
  });

  test("not an account that another provider opens", async () => {
    const first = await linkingTo({ firstSignIn: "link" });
    await linkAccount(await provenSinceAsking(first, "one"), { token: tokens.get("one") });
    const second = await linkingTo({ firstSignIn: "link" });
    const result = await arrive(second, { subject: "two" });
    if (result.outcome !== "link") throw new Error(result.outcome);
    const signedIn = await arrive(first, { subject: "one" });
    if (!("session" in signedIn)) throw new Error(signedIn.outcome);
    const ctx = (await contextOf(tenant, signedIn.session)) as MemberContext;
    expect(await linkAccount(ctx, { token: result.linkToken })).toMatchObject({ outcome: "refused" });
    expect(await identitiesOf(victim)).toEqual(["one"]);
  });
});

const tokens = new Map<string, string>();

async function provenSinceAsking(connection: LiveConnection, subject: string): Promise<MemberContext> {
  const result = await arrive(connection, { subject });
  if (result.outcome !== "link") throw new Error(result.outcome);
  tokens.set(subject, result.linkToken);
  return provenSince();
}

test("what a provider brings about is put down to nobody whose session lies in the browser (SEC85)", async () => {
  const connection = await trusting();
  const bob = await aMember(tenant, { password: GOOD_PASSWORD });
  await arrive(connection, says(ADDRESS), await provenSince(bob));
  const linked = (await auditOf(tenant)).find(({ event }) => event === "member.federated");
  expect(linked).toMatchObject({ targetId: victim.id, actorId: null });
});

test("two requests of one person link once, and the other is told so (INC20)", async () => {
  const connection = await linkingTo({ firstSignIn: "link" });
  const [one, two] = [
    await arrive(connection, { subject: "ravi" }),
    await arrive(connection, { subject: "ravi" }),
  ];
  if (one.outcome !== "link" || two.outcome !== "link") throw new Error("nobody was asked");
  expect(await linkAccount(await provenSince(), { token: one.linkToken })).toMatchObject({
    outcome: "linked",
  });
  const other = await aMember(tenant, { group: "regular", password: GOOD_PASSWORD });
  const again = await linkAccount(await provenSince(other), { token: two.linkToken });
  expect(again).toMatchObject({ outcome: "refused", reason: "linked_elsewhere" });
});

test("strangers' passwords lock no second factor of who signs in by a provider (SEC16)", async () => {
  const connection = await linkingTo();
  await federate(tenant, victim, connection, "ravi");
  await withTotp(tenant, victim);
  for (let tries = 0; tries < 25; tries += 1) {
    await signIn(tenant, victim.username, "wrong", { source: `198.51.100.${tries}` }).catch(() => undefined);
  }
  const { sign_in_failures } = await rowsOf(tenant, (table) => table === "sign_in_failures");
  expect(sign_in_failures).toEqual([]);
});
