import { describe, expect, test } from "vitest";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { requestUsername } from "#lib/auth/reset/request-username.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { auditOf, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const ADDRESS = "robin@mail.example";

const ask = (tenant: Tenant, email: unknown, source?: string) =>
  requestUsername(visitorOf(tenant, { source }), { email });

const aRobin = (tenant: Tenant, wanted: Parameters<typeof aMember>[1] = {}) =>
  aMember(tenant, { username: "secret.name.77", email: ADDRESS, password: GOOD_PASSWORD, ...wanted });

describe("whoever forgot the username", () => {
  test.each([["as it is"], [" Robin@MAIL.example "]])(
    "gets it at the stored address (000-02): %s",
    async (typed) => {
      const tenant = await aTenant();
      const member = await aRobin(tenant);
      await ask(tenant, typed === "as it is" ? ADDRESS : typed);
      const mail = await oneMail(tenant);
      expect(mail.to).toEqual([ADDRESS]);
      expect(mail.text).toContain("secret.name.77");
      expect((await auditOf(tenant))[0]).toMatchObject({
        event: "username.requested",
        targetId: member.id,
        actorKind: "visitor",
        reason: null,
      });
    },
  );

  test("gets a mail that holds no secret and opens nothing (A6, X6)", async () => {
    const tenant = await aTenant();
    await aRobin(tenant);
    await ask(tenant, ADDRESS);
    const mail = await oneMail(tenant);
    expect(mail.link).toBe("");
    expect(mail.code).toBe("");
    expect(await owner()`select from one_time_secrets where tenant_id = ${tenant.id}`).toHaveLength(0);
  });

  test("gets this firm's name only, whatever other firms know the address by (DEC10, X10)", async () => {
    const [tenant, other] = [await aTenant("Fabrikam"), await aTenant("Globex")];
    await aRobin(tenant);
    await aRobin(other, { username: "another.name.88" });
    await ask(tenant, ADDRESS);
    const mail = await oneMail(tenant);
    expect(mail.raw).not.toContain("another.name.88");
    expect(mail.raw).not.toContain("Globex");
    expect(await deliveredMail(other)).toEqual([]);
  });

  test("and the password gets both, one after the other (000-03)", async () => {
    const tenant = await aTenant();
    await aRobin(tenant);
    await ask(tenant, ADDRESS);
    const [name = ""] = /secret\.name\.\d+/.exec((await oneMail(tenant)).text) ?? [];
    await requestReset(visitorOf(tenant), { identifier: name });
    expect((await oneMail(tenant)).link).toContain("/reset-password/");
  });

  test("signs in by SSO and is told so, with no username to type (B9)", async () => {
    const tenant = await aTenant();
    await aRobin(tenant, { federated: true });
    await ask(tenant, ADDRESS);
    const mail = await oneMail(tenant);
    expect(mail.text).toMatch(/single sign-on/i);
    expect(mail.raw).not.toContain("secret.name.77");
  });
});

describe("an address that gets no mail gets the same answer, and a row that says why (A6, B1)", () => {
  test.each([
    ["unknown_name", async () => undefined],
    ["disabled", (tenant: Tenant) => aRobin(tenant, { status: "disabled" })],
    ["frozen", async (tenant: Tenant) => alter(tenant, await aRobin(tenant), { frozenAt: new Date() })],
  ] as const)("%s", async (reason, prepare) => {
    const tenant = await aTenant();
    await prepare(tenant);
    const answer = await ask(tenant, ADDRESS);
    expect(Object.keys(answer as object).sort()).toEqual(["memberId", "suppressedFor"]);
    expect(await deliveredMail(tenant)).toEqual([]);
    expect(await outboxOf(tenant)).toMatchObject([
      { status: "suppressed", reason, template: "your-username" },
    ]);
  });

  test("what was typed for an unknown address is kept nowhere in clear text (SEC9)", async () => {
    const tenant = await aTenant();
    await ask(tenant, "typed.by.mistake@mail.example");
    expect(JSON.stringify(await rowsOf(tenant))).not.toContain("typed.by.mistake");
  });
});

describe("is refused, and nothing is promised:", () => {
  test.each([
    ["a username", "robin"],
    ["a list", [ADDRESS, "eve@evil.example"]],
    ["nothing", undefined],
    ["two recipients", `${ADDRESS}\r\nBcc: eve@evil.example`],
    ["100 KB", `${"a".repeat(100_000)}@mail.example`],
  ])("what is not one address: %s (SEC28, INC5)", async (_, email) => {
    const tenant = await aTenant();
    await aRobin(tenant);
    const error = await refused(tenant, () => ask(tenant, email));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toEqual(["email"]);
  });

  test("the thirty-first request of one source (SEC19)", async () => {
    const tenant = await aTenant();
    await clock.stop();
    for (let time = 0; time < 30; time += 1) await ask(tenant, `nobody${time}@mail.example`);
    const error = await refused(tenant, () => ask(tenant, ADDRESS));
    expect(error).toMatchObject({ code: "rate_limited", status: 429 });
    expect(await refusalsOf(tenant, "username.requested")).toEqual(["too_many_username_requests"]);
  });
});

test("mails with the username count among the five an hour to one address (B11)", async () => {
  const tenant = await aTenant();
  await aRobin(tenant);
  await clock.stop();
  for (let time = 0; time < 3; time += 1) await ask(tenant, ADDRESS);
  for (let time = 0; time < 4; time += 1) await requestReset(visitorOf(tenant), { identifier: ADDRESS });
  expect(await deliveredMail(tenant)).toHaveLength(5);
});
