import { describe, expect, test } from "vitest";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { dump } from "#tests/support/records.ts";
import { anotherCode, askForMail, outcomeOf, redeem, someoneWithMail } from "#tests/support/recovery.ts";
import { alter, aTenant } from "#tests/support/tenants.ts";

const open = (tenant: Tenant, token: string) =>
  describeLink(visitorOf(tenant), { purpose: "password_reset", token });

test("a link that is opened a hundred times changes not one row, and then still works (B3, SEC23, INC30)", async () => {
  const { tenant, mail } = await someoneWithMail();
  const before = await dump();
  for (let time = 0; time < 100; time += 1) expect((await open(tenant, mail.token)).state).toBe("live");
  expect(await dump()).toBe(before);
  expect(await outcomeOf(redeem(tenant, mail))).toBe("reset");
});

describe("the page behind a link says", () => {
  test("for whose account it is, by the address the mail went to", async () => {
    const { tenant, member, mail } = await someoneWithMail();
    expect(await open(tenant, mail.token)).toMatchObject({
      state: "live",
      email: member.email,
      maskedAddress: "p***@m***.example",
      withCode: true,
      rules: { minLength: 15 },
    });
  });

  test("by which rules the new password is judged, and nothing of the username (X6)", async () => {
    const { tenant, member, mail } = await someoneWithMail();
    await alter(tenant, member, { username: "zebulon", usernameKey: "zebulon" });
    const page = await open(tenant, mail.token);
    expect(JSON.stringify(page)).not.toContain("zebulon");
    expect(page).toMatchObject({ words: expect.arrayContaining(["fabrikam", "example"]) });
  });

  test("that it was used", async () => {
    const { tenant, mail } = await someoneWithMail();
    await redeem(tenant, mail);
    expect(await open(tenant, mail.token)).toEqual({ state: "used" });
  });

  test("that it has expired", async () => {
    const { tenant, mail } = await someoneWithMail();
    await clock.travel(15 * MINUTE);
    expect(await open(tenant, mail.token)).toEqual({ state: "expired" });
  });

  test("that a newer one has left", async () => {
    const { tenant, mail } = await someoneWithMail();
    await askForMail(tenant);
    expect(await open(tenant, mail.token)).toEqual({ state: "superseded" });
  });

  test("that its tries are used up", async () => {
    const { tenant, mail } = await someoneWithMail();
    for (let step = 1; step <= 5; step += 1)
      await redeem(tenant, { ...mail, code: anotherCode(mail.code, step) });
    expect(await open(tenant, mail.token)).toEqual({ state: "exhausted" });
  });

  test("nothing about a link that is no link here", async () => {
    const { tenant, member, mail } = await someoneWithMail();
    const other = await aTenant();
    const asInvitation = describeLink(visitorOf(tenant), { purpose: "invitation", token: mail.token });
    expect(await asInvitation).toEqual({ state: "unknown" });
    expect(await open(other, mail.token)).toEqual({ state: "unknown" });
    await alter(tenant, member, { status: "disabled" });
    expect(await open(tenant, mail.token)).toEqual({ state: "unknown" });
  });
});
