import { describe, expect, test } from "vitest";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { HOUR, MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { auditOf, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const ask = (tenant: Tenant, identifier: unknown, source?: string) =>
  requestReset(visitorOf(tenant, { source }), { identifier });

const jobsOf = async ({ id }: Tenant) => {
  const [row] = await owner()`
    select count(*)::int as number from graphile_worker._private_jobs where payload->>'tenantId' = ${id}`;
  return row?.number as number;
};

const secretsOf = async ({ id }: Tenant) =>
  (await owner()`select from one_time_secrets where tenant_id = ${id}`).length;

describe("somebody who forgot the password", () => {
  test.each([
    ["the username", "robin"],
    ["the e-mail address", "Robin@Mail.Example"],
  ])("gets the mail by %s (000-01, 002-11, X8)", async (_, identifier) => {
    const tenant = await aTenant();
    const member = await aMember(tenant, {
      username: "robin",
      email: "robin@mail.example",
      password: GOOD_PASSWORD,
    });

    await ask(tenant, identifier);
    const mail = await oneMail(tenant);

    expect(mail.to).toEqual(["robin@mail.example"]);
    expect(mail.link).toMatch(
      new RegExp(`^http://${tenant.slug}\\.portal\\.localhost:3000/reset-password/[A-Za-z0-9_-]{43}$`),
    );
    expect(mail.code).toMatch(/^\d{6}$/);
    expect((await auditOf(tenant))[0]).toMatchObject({
      event: "password_reset.requested",
      targetId: member.id,
      reason: null,
      actorKind: "visitor",
    });
  });

  test("gets a mail without the username, unless that is the address itself (X6, 001-07)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "secret.name.77" });
    await ask(tenant, "secret.name.77");
    expect((await oneMail(tenant)).raw).not.toContain("secret.name.77");
  });

  test("gets the mail at the stored address, in its canonical form (INC5, SEC29)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", email: "Robin.Example@MAIL.example" });
    await ask(tenant, "robin");
    const mail = await oneMail(tenant);
    expect(mail.to).toEqual(["robin.example@mail.example"]);
  });

  test("gets links with the firm's stored host, whatever host the request came by (SEC25, INC23)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    for (const host of [
      "evil.example",
      `${tenant.slug}.portal.localhost:3000.evil.example`,
      "",
      "a\r\nb: c",
    ]) {
      await requestReset(visitorOf(tenant, { host }), { identifier: "robin" });
      expect((await oneMail(tenant)).link).toMatch(
        new RegExp(`^http://${tenant.slug}\\.portal\\.localhost:3000/`),
      );
    }
  });

  test("has no secret yet: it is made when the mail leaves (S5)", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin" });
    await ask(tenant, "robin");
    expect(await secretsOf(tenant)).toBe(0);
    await deliveredMail(tenant);
    expect(await secretsOf(tenant)).toBe(1);
  });

  test("keeps the old password until a new one is set", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const credential = async () => (await rowsOf(tenant)).password_credentials;
    const before = await credential();
    await ask(tenant, "robin");
    await deliveredMail(tenant);
    expect(await credential()).toEqual(before);
  });
});

/** Everybody who gets no link, and the firm's word for why. */
const WITHOUT_LINK: [string, string, (tenant: Tenant) => Promise<string>][] = [
  ["an unknown name", "unknown_name", async () => "nobody"],
  ["an unknown address", "unknown_name", async () => "nobody@mail.example"],
  ["an impossible name", "unknown_name", async () => "robin\uff20mail.example"],
  [
    "a disabled account",
    "disabled",
    async (tenant) => {
      await aMember(tenant, { username: "robin", status: "disabled" });
      return "robin";
    },
  ],
  [
    "a frozen account (B10)",
    "frozen",
    async (tenant) => {
      await alter(tenant, await aMember(tenant, { username: "robin" }), { frozenAt: new Date() });
      return "robin";
    },
  ],
  [
    "an account without an address",
    "no_address",
    async (tenant) => {
      await aMember(tenant, { username: "robin", withoutAddress: true });
      return "robin";
    },
  ],
];

/** Everybody who gets a mail. */
const WITH_MAIL: ((tenant: Tenant) => Promise<string>)[] = [
  { password: GOOD_PASSWORD },
  {},
  { federated: true },
].map((wanted) => async (tenant) => {
  await aMember(tenant, { username: "robin", ...wanted });
  return "robin";
});

describe("nobody can see from outside who has an account (B1, SEC11)", () => {
  test.each(WITHOUT_LINK)("%s gets the same answer, no mail and no secret", async (_, reason, prepare) => {
    const tenant = await aTenant();
    const identifier = await prepare(tenant);
    const answer = await ask(tenant, identifier);
    expect(Object.keys(answer as object).sort()).toEqual(["memberId", "suppressedFor"]);
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(await secretsOf(tenant)).toBe(0);
    expect(await auditOf(tenant)).toMatchObject([{ event: "password_reset.requested", reason }]);
  });

  test("the work at the database is the same, down to the job that is enqueued", async () => {
    await ask(await aTenant(), "warm-up");
    const works: unknown[] = [];
    for (const prepare of [...WITH_MAIL, ...WITHOUT_LINK.map(([, , prepared]) => prepared)]) {
      const tenant = await aTenant();
      const identifier = await prepare(tenant);
      const statements = await statementsOf(() => ask(tenant, identifier));
      const { outbox_emails: mails, audit_events: events, rate_limits: limits } = await rowsOf(tenant);
      works.push({
        statements,
        mails: mails?.length,
        events: events?.length,
        limits: limits?.length,
        jobs: await jobsOf(tenant),
      });
    }
    for (const work of works) expect(work).toEqual(works[0]);
    expect(works[0]).toMatchObject({ mails: 1, events: 1, jobs: 1 });
  });

  test("what was typed for an unknown name is kept nowhere in clear text (SEC9)", async () => {
    const tenant = await aTenant();
    await ask(tenant, "typed-into-the-wrong-field");
    expect(JSON.stringify(await rowsOf(tenant))).not.toContain("typed-into");
  });
});

describe("an identifier that is not one string is refused (SEC28, INC28)", () => {
  test.each([
    ["a list", ["robin", "eve@evil.example"]],
    ["an object", { 0: "robin" }],
    ["nothing", undefined],
    ["spaces", "  "],
    ["255 characters", "a".repeat(255)],
    ["100 KB", `${"a".repeat(100_000)}@mail.example`],
  ])("%s", async (_, identifier) => {
    const tenant = await aTenant();
    const error = await refused(tenant, () => ask(tenant, identifier));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toEqual(["identifier"]);
    expect(await auditOf(tenant)).toEqual([]);
  });
});

describe("mail to one address is limited (B11, DEC7)", () => {
  test("to five at once, however often and from wherever they are asked for", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin" });
    await clock.stop();
    for (let time = 0; time < 12; time += 1) await ask(tenant, "robin", `198.51.100.${time}`);
    expect(await deliveredMail(tenant)).toHaveLength(5);
    const outbox = await outboxOf(tenant);
    expect(outbox.filter(({ reason }) => reason === "too_many_mails")).toHaveLength(7);
  });

  test("to five of a parallel burst", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin" });
    await clock.stop();
    await Promise.all(Array.from({ length: 20 }, (_, time) => ask(tenant, "robin", `198.51.100.${time}`)));
    expect(await deliveredMail(tenant)).toHaveLength(5);
  });

  test("to one an hour after that, so that no hour has more than five", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin" });
    await clock.stop();
    for (let time = 0; time < 5; time += 1) await ask(tenant, "robin");
    await deliveredMail(tenant);
    let mails = 0;
    for (let minutes = 0; minutes < 60; minutes += 1) {
      await clock.travel(MINUTE);
      await ask(tenant, "robin");
      mails += (await deliveredMail(tenant)).length;
    }
    expect(mails).toBe(1);
  });

  test("and nobody else's mail with it", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin" });
    await aMember(tenant, { username: "kim" });
    await clock.stop();
    for (let time = 0; time < 8; time += 1) await ask(tenant, "robin");
    await deliveredMail(tenant);
    await ask(tenant, "kim");
    expect(await deliveredMail(tenant)).toHaveLength(1);
  });

  test("by the account, whichever name was typed", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { username: "robin" });
    await clock.stop();
    for (let time = 0; time < 4; time += 1) await ask(tenant, "robin");
    for (let time = 0; time < 4; time += 1) await ask(tenant, member.email);
    expect(await deliveredMail(tenant)).toHaveLength(5);
  });
});

describe("requests from one source are limited (SEC19)", () => {
  test("to sixty at once, then one every three seconds; the refusal is recorded", async () => {
    const tenant = await aTenant();
    await clock.stop();
    const burst = await Promise.allSettled(Array.from({ length: 70 }, (_, n) => ask(tenant, `name-${n}`)));
    expect(burst.filter(({ status }) => status === "fulfilled")).toHaveLength(60);
    const error = await refused(tenant, () => ask(tenant, "name-70"));
    expect(error).toMatchObject({ code: "rate_limited", status: 429, retryAfterSeconds: 3 });
    expect(await refusalsOf(tenant, "password_reset.requested")).toContain("too_many_reset_requests");

    await clock.travel(3 * SECOND);
    await expect(ask(tenant, "name-71")).resolves.toBeDefined();
    await expect(ask(tenant, "name-72")).rejects.toMatchObject({ code: "rate_limited" });
  });

  test("and are free again after an hour", async () => {
    const tenant = await aTenant();
    await clock.stop();
    for (let time = 0; time < 60; time += 1) await ask(tenant, "nobody");
    await clock.travel(HOUR);
    await expect(ask(tenant, "nobody")).resolves.toBeDefined();
  });
});
