import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { breakGlass, connections, ssoEnforcements } from "#db/schema/connections.ts";
import { members } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { describeEnforcement } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { enforceSso } from "#lib/auth/sso/enforcement/enforce-sso.ts";
import { liftSso } from "#lib/auth/sso/enforcement/lift-sso.ts";
import { PROVEN_WITHIN_DAYS } from "#lib/auth/sso/enforcement/preconditions.ts";
import { after, DAY, MINUTE } from "#lib/core/clock.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { aTokenOf } from "#tests/support/api-tokens.ts";
import { assignedTo } from "#tests/support/clients.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith, signIn, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { aFirmReadyForSso } from "#tests/support/enforcement.ts";
import { deliveredMail, outboxOf } from "#tests/support/mail.ts";
import { withPasskey } from "#tests/support/passkeys.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { signInBy } from "#tests/support/sign-in-by.ts";
import { aClient, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

type Firm = Awaited<ReturnType<typeof aFirmReadyForSso>>;

const enforcementsOf = (tenant: Tenant) => withTenant(tenant.id, (db) => db.select().from(ssoEnforcements));

const enforceFor = ({ one }: Pick<Firm, "one">, people: number, wish = {}) =>
  enforceSso(one.ctx, { scope: "everybody", from: "", people, ...wish });

describe("SSO becomes the only way in (G5)", () => {
  test("at once: who has no provider is out on the next request, is told, and the log says so", async () => {
    const firm = await aFirmReadyForSso();
    const { tenant, one } = firm;
    const robin = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);

    await enforceFor(firm, 1);

    expect(await worthOf(tenant, session)).toBe("expired");
    expect(await signInBy(tenant, "robin", GOOD_PASSWORD)).toBe("sso_required");
    expect(await enforcementsOf(tenant)).toMatchObject([{ scope: "everybody", decidedBy: one.member.id }]);
    expect((await auditOf(tenant)).findLast(({ event }) => event === "sso.enforced")).toMatchObject({
      detail: { scope: "everybody", people: 1 },
    });
    const [mail, ...more] = await deliveredMail(tenant, "sso-enforced");
    expect(more).toEqual([]);
    expect(mail?.to).toEqual([robin.email]);
    expect(mail?.text).toContain("through Fabrikam Entra alone");
    expect(mail?.text, "there is no time left to link it").not.toContain("before that day");
    expect(mail?.text).toContain("turn to the administrators");
    expect(mail?.text).not.toMatch(/https?:/);
  });

  test("from a day on: until then nothing changes, and the session that was begun before ends with it", async () => {
    const firm = await aFirmReadyForSso();
    const { tenant } = firm;
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const before = await signIn(tenant, "robin", GOOD_PASSWORD);
    const now = await clock.stop();
    await enforceFor(firm, 1, { from: after(now, 30 * MINUTE).toISOString() });
    const [mail] = await deliveredMail(tenant, "sso-enforced");
    expect(mail?.text).toContain("once before that day");

    await clock.travel(30 * MINUTE - 1);
    const inTime = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect(await worthOf(tenant, before)).toBe("full");
    await clock.travel(1);
    expect(await worthOf(tenant, before)).toBe("expired");
    expect(await worthOf(tenant, inTime)).toBe("expired");
    expect(await signInBy(tenant, "robin", GOOD_PASSWORD)).toBe("sso_required");
  });

  test("for the staff alone, contacts come in as before", async () => {
    const firm = await aFirmReadyForSso();
    const { tenant } = firm;
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    await aMember(tenant, { kind: "contact", username: "carol", password: GOOD_PASSWORD });
    await enforceFor(firm, 1, { scope: "staff" });
    expect(await signInBy(tenant, "robin", GOOD_PASSWORD)).toBe("sso_required");
    expect(await signInBy(tenant, "carol", GOOD_PASSWORD)).toBe("signed_in");
  });

  test("lifting it lets everybody in again at once, and tells the administrators", async () => {
    const firm = await aFirmReadyForSso();
    const { tenant, other } = firm;
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    await enforceFor(firm, 1);
    await liftSso(other.ctx, {});
    expect(await enforcementsOf(tenant)).toEqual([]);
    expect(await signInBy(tenant, "robin", GOOD_PASSWORD)).toBe("signed_in");
    // The two, the keeper, and robin, who is one too.
    expect(await outboxOf(tenant, "sso-lifted")).toHaveLength(4);
    expect((await auditOf(tenant)).map(({ event }) => event)).toContain("sso.lifted");
    expect(await refused(tenant, () => liftSso(other.ctx, {}))).toMatchObject({ code: "conflict" });
  });
});

describe("the list of who would lose access is who loses it", () => {
  test("name by name, tried before and after", { timeout: 60_000 }, async () => {
    const firm = await aFirmReadyForSso();
    const { tenant, one } = firm;
    const password = GOOD_PASSWORD;
    await aMember(tenant, { name: "Ann", username: "ann", password });
    await aMember(tenant, { name: "Ben", username: "ben", password, kind: "contact" });
    await aMember(tenant, { name: "Cy", username: "cy", password, mustChangePassword: true });
    await aMember(tenant, { name: "Dee", username: "dee", password, status: "disabled" });
    await aMember(tenant, { name: "Eve", username: "eve", password, federated: true });
    const pat = await aMember(tenant, { name: "Pat", username: "pat" });
    const patsKey = await withPasskey(tenant, pat, { synced: true });
    const ways: [name: string, way: () => Promise<string>][] = [
      ["Ann", () => signInBy(tenant, "ann", password)],
      ["Ben", () => signInBy(tenant, "ben", password)],
      ["Cy", () => signInBy(tenant, "cy", password)],
      ["Dee", () => signInBy(tenant, "dee", password)],
      ["Eve", () => signInBy(tenant, "eve", password)],
      ["Pat", () => signInBy(tenant, patsKey)],
      ["Keeper of the key", () => signInBy(tenant, firm.key)],
    ];
    const letIn = async () => {
      const outcomes: string[] = [];
      for (const [name, way] of ways) if (/signed_in|duty/.test(await way())) outcomes.push(name);
      return outcomes;
    };

    const predicted = (await describeEnforcement(one.ctx, { scope: "everybody" })).people;
    const before = await letIn();
    await enforceFor(firm, predicted.length);
    const afterwards = await letIn();

    const lost = before.filter((name) => !afterwards.includes(name));
    expect(lost).toEqual(["Ann", "Ben", "Cy", "Pat"]);
    expect(predicted.map(({ name }) => name)).toEqual(lost);
    expect(afterwards).toEqual(["Keeper of the key"]);
  });

  test("with those for whom a program goes on speaking: by a token that is good, and none that has ended", async () => {
    const { tenant, one } = await aFirmReadyForSso();
    const [ann, ben, cy] = [
      await aMember(tenant, { name: "Ann" }),
      await aMember(tenant, { name: "Ben" }),
      await aMember(tenant, { name: "Cy" }),
    ];
    const maker = actingWith(tenant, ...(Object.keys(PERMISSIONS) as Permission[]));
    for (const member of [ann, ben]) await aTokenOf(maker, member);
    await owner()`update api_tokens set ended_at = portal_now() where member_id = ${ben.id}`;
    const { people } = await describeEnforcement(one.ctx, { scope: "everybody" });
    const speaking = people.filter(({ hasApiToken }) => hasApiToken).map(({ id }) => id);
    expect(speaking).toEqual([ann.id]);
    expect(people.map(({ id }) => id)).toContain(cy.id);
  });

  test("a page at a time, with the number of all", async () => {
    const { tenant, one } = await aFirmReadyForSso();
    for (let number = 100; number < 153; number += 1)
      await aMember(tenant, { kind: "contact", name: `Contact ${number}` });
    const first = await describeEnforcement(one.ctx, { scope: "everybody" });
    expect(first.counts).toEqual({ staff: 0, everybody: 53 });
    expect(first.people).toHaveLength(50);
    const second = await describeEnforcement(one.ctx, { scope: "everybody", after: first.next });
    expect(second.people.map(({ name }) => name)).toEqual(["Contact 150", "Contact 151", "Contact 152"]);
    expect(second.next).toBeUndefined();
  });

  test("each named to whoever may see them elsewhere, and all of them counted to everybody (E7)", async () => {
    const { tenant } = await aFirmReadyForSso();
    await aMember(tenant, { name: "Staff" });
    const [own, other] = [
      await aMember(tenant, { name: "Own Contact", kind: "contact" }),
      await aMember(tenant, { name: "Other Contact", kind: "contact" }),
    ];
    await aClient(tenant, [other]);
    const clients = [await aClient(tenant, [own])];
    const listed = async (ctx: MemberContext) => {
      const { people, unseen, counts } = await describeEnforcement(ctx, { scope: "everybody" });
      expect(counts.everybody).toBe(people.length + unseen);
      return people.map(({ name }) => name);
    };
    const reader = (...permissions: Permission[]) => actingWith(tenant, "sso:manage", ...permissions);
    expect(await listed(reader())).toEqual([]);
    expect(await listed(reader("members:read"))).toEqual(["Staff"]);
    expect(await listed(reader("clients:read"))).toEqual(["Other Contact", "Own Contact"]);
    expect(await listed(reader("members:read", "clients:read"))).toHaveLength(3);
    const nora = await assignedTo(tenant, clients, ["sso:manage", "clients:read"]);
    expect(await listed(nora)).toEqual(["Own Contact"]);
    const behind = async (ctx: MemberContext, after: string) =>
      (await describeEnforcement(ctx, { scope: "everybody", after })).people.map(({ name }) => name);
    expect(await behind(reader("clients:read"), other.id)).toEqual(["Own Contact"]);
    expect(await behind(nora, other.id), "nor by the place of another").toEqual([]);
  });

  test("another firm's people are on no list, and stay as they are", async () => {
    const firm = await aFirmReadyForSso();
    const elsewhere = await aTenant();
    await aMember(elsewhere, { username: "robin", password: GOOD_PASSWORD });
    expect((await describeEnforcement(firm.one.ctx, { scope: "everybody" })).people).toEqual([]);
    await enforceFor(firm, 0);
    expect(await signInBy(elsewhere, "robin", GOOD_PASSWORD)).toBe("signed_in");
    const stranger = actingWith(elsewhere, "sso:manage");
    expect(await refused(firm.tenant, () => liftSso(stranger, {}))).toMatchObject({ code: "conflict" });
    expect(await signInBy(firm.tenant, firm.key)).toBe("signed_in");
  });
});

describe("nothing is enforced, and nothing written,", () => {
  const MISSING: [string, (firm: Firm) => Promise<unknown>][] = [
    [
      "while no connection is live",
      ({ tenant, connection }) =>
        withTenant(tenant.id, (db) =>
          db.update(connections).set({ state: "testing" }).where(eq(connections.id, connection.id)),
        ),
    ],
    [
      "while one administrator alone has come in by SSO",
      ({ tenant, other }) =>
        owner()`delete from sessions where tenant_id = ${tenant.id} and member_id = ${other.member.id}`,
    ],
    [
      "while one of the two is an Administrator no more",
      ({ tenant, other }) =>
        owner()`update members set security_group_id = (select id from security_groups
          where tenant_id = ${tenant.id} and preset = 'regular') where id = ${other.member.id}`,
    ],
    [
      "while one of the two cannot sign in",
      ({ tenant, other }) =>
        withTenant(tenant.id, (db) =>
          db.update(members).set({ status: "disabled" }).where(eq(members.id, other.member.id)),
        ),
    ],
    [
      "once it is too long ago that they came in",
      ({ tenant }) =>
        owner()`update sessions set created_at = created_at - make_interval(days => ${PROVEN_WITHIN_DAYS})
          where tenant_id = ${tenant.id}`,
    ],
    [
      "while nobody's break-glass is armed",
      ({ tenant }) => withTenant(tenant.id, (db) => db.update(breakGlass).set({ endedAt: new Date() })),
    ],
    [
      "while whoever's is armed is closed out",
      ({ tenant, keeper }) =>
        withTenant(tenant.id, (db) =>
          db.update(members).set({ frozenAt: new Date() }).where(eq(members.id, keeper.id)),
        ),
    ],
  ];

  test.each(MISSING)("%s", async (_, spoil) => {
    const firm = await aFirmReadyForSso();
    expect((await describeEnforcement(firm.one.ctx, {})).preconditions.met).toBe(true);
    await spoil(firm);
    expect((await describeEnforcement(firm.one.ctx, {})).preconditions.met).toBe(false);
    const error = await refused(firm.tenant, () => enforceFor(firm, 0));
    expect(error).toMatchObject({ code: "conflict", reason: "preconditions_not_met" });
  });

  test("where the break-glass would be over on the first day", async () => {
    const firm = await aFirmReadyForSso();
    const from = after(new Date(), 120 * DAY).toISOString();
    expect(await refused(firm.tenant, () => enforceFor(firm, 0, { from }))).toMatchObject({
      reason: "preconditions_not_met",
    });
  });

  test("where the list is another one than was looked at", async () => {
    const firm = await aFirmReadyForSso();
    await aMember(firm.tenant, { password: GOOD_PASSWORD });
    const error = await refused(firm.tenant, () => enforceFor(firm, 0));
    expect(error).toMatchObject({ code: "conflict", reason: "list_changed" });
  });

  test.each([
    ["for nobody that it knows", { scope: "nobody" }],
    ["from no day", { from: "soon" }],
    ["from yesterday on", { from: new Date(Date.now() - DAY).toISOString() }],
    ["from a day on that is more than a year away", { from: new Date(Date.now() + 400 * DAY).toISOString() }],
    ["without the number of the list", { people: "all" }],
  ])("%s", async (_, wish) => {
    const firm = await aFirmReadyForSso();
    expect(await refused(firm.tenant, () => enforceFor(firm, 0, wish))).toMatchObject({ code: "invalid" });
  });

  test("by a program, and by whoever has not shown lately who they are (F5)", async () => {
    const { tenant, one } = await aFirmReadyForSso();
    const { actor } = one.ctx;
    const program = { ...one.ctx, actor: { ...actor, byApiToken: true } };
    const wish = { scope: "staff", from: "", people: 0 };
    expect(await refused(tenant, () => enforceSso(program, wish))).toMatchObject({ code: "forbidden" });
    const stale = { ...one.ctx, actor: { ...actor, proven: { at: new Date(0), factorAt: undefined } } };
    expect(await refused(tenant, () => enforceSso(stale, wish))).toMatchObject({ reason: "step_up_enroll" });
    expect(await refused(tenant, () => liftSso(stale, {}))).toMatchObject({ reason: "step_up_enroll" });
    const reader = actingAs(tenant, one.member, "audit:read");
    expect(await refused(tenant, () => enforceSso(reader, wish))).toMatchObject({ code: "forbidden" });
  });
});
