import { describe, expect, test } from "vitest";
import type { Context } from "#lib/core/context.ts";
import { changeOwnProfile } from "#lib/members/own/change-own-profile.ts";
import { getOwnProfile } from "#lib/members/own/get-own-profile.ts";
import { actingAs, pendingOf, visitorOf } from "#tests/support/contexts.ts";
import { rowOf } from "#tests/support/help.ts";
import { OLD, someoneWithAddress } from "#tests/support/own-email.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const change = (ctx: Context, wish: Record<string, unknown>) => changeOwnProfile(ctx, wish);

describe("everybody changes the own profile", () => {
  test.each(["staff", "contact"] as const)(
    "%s: name, username and time zone, told by name only in the log",
    async (kind) => {
      const { tenant, member, ctx } = await someoneWithAddress({ kind });
      await change(ctx, { name: " Robin B. Example ", username: "robin.b", timeZone: "Europe/Warsaw" });
      expect(await rowOf(member)).toMatchObject({
        ...{ name: "Robin B. Example", username: "robin.b", username_key: "robin.b" },
        ...{ time_zone: "Europe/Warsaw", email: OLD },
      });
      const events = await auditOf(tenant);
      expect(events).toMatchObject([
        {
          event: "own_profile.changed",
          actorId: member.id,
          targetId: member.id,
          detail: { fields: "name username timeZone" },
        },
      ]);
      expect(JSON.stringify(events)).not.toMatch(/robin/i);
    },
  );

  test("what is not sent stays, and what changes nothing is no event", async () => {
    const { tenant, member, ctx } = await someoneWithAddress();
    await change(ctx, { timeZone: "Europe/Warsaw" });
    await change(ctx, { name: member.name, username: member.username });
    expect(await getOwnProfile(ctx)).toMatchObject({
      name: member.name,
      username: "robin",
      timeZone: "Europe/Warsaw",
    });
    expect(await auditOf(tenant)).toHaveLength(1);
    await change(ctx, { timeZone: "" });
    expect(await getOwnProfile(ctx)).toMatchObject({ timeZone: null, firmTimeZone: "Etc/UTC" });
  });

  test("the own address may be the username (DEC10)", async () => {
    const { member, ctx } = await someoneWithAddress();
    await change(ctx, { username: "Robin@Old.example" });
    expect(await rowOf(member)).toMatchObject({ username: "Robin@Old.example", username_key: OLD });
  });

  test("who signs in by SSO chooses a time zone", async () => {
    const { member, ctx } = await someoneWithAddress({ federated: true });
    await change(ctx, { timeZone: "Europe/Warsaw" });
    expect(await rowOf(member)).toMatchObject({ time_zone: "Europe/Warsaw" });
  });
});

describe("refused, and nothing is written:", () => {
  test.each([
    ["no name", { name: " " }, "name"],
    ["a name of two lines", { name: "Robin\nBcc: x" }, "name"],
    ["somebody else's address for a username", { username: "ada@old.example" }, "username"],
    ["a username of signs", { username: "ro bin" }, "username"],
    ["look-alike letters", { username: "ｒobin" }, "username"],
    ["a zone that does not exist", { timeZone: "Mars/Olympus" }, "timeZone"],
  ])("%s", async (_, wish, field) => {
    const { tenant, ctx } = await someoneWithAddress();
    const error = await refused(tenant, () => change(ctx, wish));
    expect(error.code).toBe("invalid");
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });

  test("a username that somebody else has", async () => {
    const { tenant, ctx } = await someoneWithAddress();
    await aMember(tenant, { username: "ada" });
    const error = await refused(tenant, () => change(ctx, { username: "ADA" }));
    expect(error).toMatchObject({
      code: "conflict",
      fieldErrors: { username: [expect.stringContaining("Another account")] },
    });
  });

  test("more than a few usernames, whether they are taken or free: nobody finds out who is here", async () => {
    const { tenant, ctx } = await someoneWithAddress();
    await aMember(tenant, { username: "ada" });
    for (let tries = 0; tries < 5; tries += 1) await change(ctx, { username: "ada" }).catch(() => undefined);
    const error = await refused(tenant, () => change(ctx, { username: "free" }));
    expect(error.code).toBe("rate_limited");
    expect(await refusalsOf(tenant, "own_profile.changed")).toEqual(["too_many_usernames"]);
    await change(ctx, { timeZone: "Europe/Warsaw" });
  });

  test.each([{ name: "Other" }, { username: "other" }])("from who signs in by SSO: %o", async (wish) => {
    const { tenant, ctx } = await someoneWithAddress({ federated: true });
    const error = await refused(tenant, () => change(ctx, wish));
    expect(error).toMatchObject({ code: "forbidden", reason: "federated" });
  });

  test("when an administrator has changed it meanwhile, with what they saved (E6)", async () => {
    const { tenant, member, ctx } = await someoneWithAddress();
    await change(ctx, { name: "Saved First" });
    const error = await refused(tenant, () => change(ctx, { name: "Mine", version: member.version }));
    expect(error).toMatchObject({
      code: "conflict",
      fieldErrors: { name: ["Saved meanwhile: Saved First"] },
    });
  });

  test("from an API token: a profile is changed in person", async () => {
    const { tenant, ctx } = await someoneWithAddress();
    const token = { ...ctx, actor: { ...ctx.actor, byApiToken: true } };
    const error = await refused(tenant, () => change(token, { name: "Program" }));
    expect(error.code).toBe("forbidden");
  });

  test.each([
    ["a visitor", visitorOf],
    ["somebody with a duty left", pendingOf],
  ])("from %s", async (_, contextFor) => {
    const tenant = await aTenant();
    const error = await refused(tenant, () => change(contextFor(tenant), { name: "Nobody" }));
    expect(error.code).toBe("unauthenticated");
  });

  test("from somebody of another firm, who does not exist here", async () => {
    const [here, there] = [await aTenant(), await someoneWithAddress()];
    const error = await refused(here, () => change(actingAs(here, there.member), { name: "Foreign" }));
    expect(error.code).toBe("not_found");
  });
});

test("of five who want one username at once one gets it", async () => {
  const tenant = await aTenant();
  const people = await Promise.all(Array.from({ length: 5 }, () => aMember(tenant)));
  const results = await Promise.allSettled(
    people.map((member) => change(actingAs(tenant, member), { username: "robin" })),
  );
  const refusals = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
  expect(refusals).toEqual(Array(4).fill("conflict"));
});
