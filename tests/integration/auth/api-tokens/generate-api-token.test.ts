import { describe, expect, test } from "vitest";
import { isWellFormed } from "#lib/auth/api-tokens/api-token.ts";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import { getApiToken } from "#lib/auth/api-tokens/get-api-token.ts";
import { listApiTokens } from "#lib/auth/api-tokens/list-api-tokens.ts";
import { revokeApiToken } from "#lib/auth/api-tokens/revoke-api-token.ts";
import { changeOwnPassword } from "#lib/auth/password/change-own-password.ts";
import { describeSession } from "#lib/auth/session/describe-session.ts";
import { signOut } from "#lib/auth/session/sign-out.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import { bearing, everything, firmWithTokens, worthOfToken } from "#tests/support/api-tokens.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { auditOf, dump, refusalsOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const REGULAR = [
  "clients:delete",
  "clients:manage",
  "clients:read",
  "contacts:disable",
  "contacts:import",
  "contacts:reset",
  "reports:read",
  "workspaces:enter",
];

describe("an API token is generated (004-06, 004-08, E4)", () => {
  test("for oneself: it is given once, kept as a hash, and speaks for its owner", async () => {
    const { tenant, administrator, ctx } = await firmWithTokens();
    const { token, hint } = await generateApiToken(ctx, {});
    expect(isWellFormed(token)).toBe(true);
    expect(token.startsWith(hint)).toBe(true);
    expect(await dump()).not.toContain(token.slice(hint.length));
    expect((await bearing(tenant, token)).actor).toMatchObject({
      memberId: administrator.id,
      byApiToken: true,
      username: "admin",
    });
    expect(await auditOf(tenant)).toMatchObject([
      {
        event: "api_token.generated",
        actorId: administrator.id,
        targetId: administrator.id,
        detail: { hint },
      },
    ]);
    expect(await deliveredMail(tenant), "who does it is not told by mail").toEqual([]);
  });

  test("for somebody else, who is told by a mail without it", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const { token, scopes, hint } = await generateApiToken(ctx, { memberId: robin.id });
    expect(scopes).toEqual(REGULAR);
    const [mail] = await deliveredMail(tenant);
    expect(mail?.to).toEqual([robin.email]);
    expect(mail?.subject).toBe("An API token was generated for your Fabrikam account");
    expect(JSON.stringify(mail)).not.toContain(hint);
    expect(await worthOfToken(tenant, token)).toBe("full");
  });

  test("for a federated member too, who has no password page (004-02)", async () => {
    const { tenant, ctx } = await firmWithTokens();
    const { id: memberId } = await aMember(tenant, { federated: true });
    const { token } = await generateApiToken(ctx, { memberId });
    expect(await worthOfToken(tenant, token)).toBe("full");
  });

  test("without a wish it may do all that its owner may but give out tokens, for 90 days", async () => {
    const { ctx } = await firmWithTokens();
    const { scopes, expiresAt, createdAt } = await generateApiToken(ctx, {});
    expect(scopes).toEqual(everything.filter((one) => !one.startsWith("api_tokens:")).sort());
    expect(expiresAt.getTime() - createdAt.getTime()).toBe(90 * DAY);
  });

  test("it may do what was chosen for it, and never more than its owner may by then", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const wish = { memberId: robin.id, scopes: ["clients:read", "reports:read"] };
    const { token } = await generateApiToken(ctx, wish);
    const held = async () => [...((await bearing(tenant, token)).actor?.permissions ?? [])].sort();
    expect(await held()).toEqual(["clients:read", "reports:read"]);
    const less = await aMember(tenant, { permissions: ["clients:read"] });
    await alter(tenant, robin, { securityGroupId: less.securityGroupId });
    expect(await held()).toEqual(["clients:read"]);
  });

  test("it is good until its last millisecond", async () => {
    const now = await clock.stop();
    const { tenant, ctx } = await firmWithTokens();
    const { token, expiresAt } = await generateApiToken(ctx, { expiresInDays: "30" });
    await clock.travel(expiresAt.getTime() - now.getTime() - 1);
    expect(await worthOfToken(tenant, token)).toBe("full");
    await clock.travel(1);
    expect(await worthOfToken(tenant, token)).toBe("expired");
    await clock.travel(-MINUTE);
    expect(await worthOfToken(tenant, token), "a clock that steps back revives nothing (REL10)").toBe(
      "revoked",
    );
  });

  test("of another firm, or mistyped, it is worth nothing", async () => {
    const { tenant, ctx } = await firmWithTokens();
    const { token } = await generateApiToken(ctx, {});
    expect(await worthOfToken(await aTenant(), token)).toBe("unknown");
    const mistyped = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
    expect(await worthOfToken(tenant, mistyped)).toBe("malformed");
  });

  test("who it speaks for is answered to a program (GET /api/v1/session)", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const { token } = await generateApiToken(ctx, { memberId: robin.id, scopes: ["clients:read"] });
    expect(describeSession(await bearing(tenant, token))).toMatchObject({
      member: { id: robin.id, username: "robin", permissions: ["clients:read"] },
    });
  });
});

describe("generated again (004-08)", () => {
  test("the one before ends at once", async () => {
    const { tenant, ctx } = await firmWithTokens();
    const { token: first } = await generateApiToken(ctx, {});
    const { token: second } = await generateApiToken(ctx, {});
    expect(await worthOfToken(tenant, first)).toBe("revoked");
    expect(await worthOfToken(tenant, second)).toBe("full");
  });

  test("the one before works for the overlap that was chosen, and not a millisecond longer", async () => {
    await clock.stop();
    const { tenant, ctx } = await firmWithTokens();
    const { token: first } = await generateApiToken(ctx, {});
    const { token: second } = await generateApiToken(ctx, { overlapHours: "1" });
    expect((await getApiToken(ctx, undefined)).leaving).toHaveLength(1);
    await clock.travel(HOUR - 1);
    expect(await worthOfToken(tenant, first)).toBe("full");
    await clock.travel(1);
    expect(await worthOfToken(tenant, first)).toBe("expired");
    expect(await worthOfToken(tenant, second)).toBe("full");
  });

  test("an overlap makes nothing last longer than it was meant to", async () => {
    await clock.stop();
    const { tenant, ctx } = await firmWithTokens();
    const { token: first } = await generateApiToken(ctx, { expiresInDays: 1 });
    await clock.travel(DAY - HOUR);
    await generateApiToken(ctx, { overlapHours: 24 });
    await clock.travel(HOUR);
    expect(await worthOfToken(tenant, first)).toBe("expired");
  });

  test("a third one ends the first, whatever is left of its overlap", async () => {
    const { tenant, ctx } = await firmWithTokens();
    const { token: first } = await generateApiToken(ctx, {});
    const { token: second } = await generateApiToken(ctx, { overlapHours: 24 });
    await generateApiToken(ctx, { overlapHours: 24 });
    expect(await worthOfToken(tenant, first)).toBe("revoked");
    expect(await worthOfToken(tenant, second)).toBe("full");
  });

  test("sent twice, it is generated once: a page that is loaded again shows nothing (E4)", async () => {
    const { tenant, ctx } = await firmWithTokens();
    const { token, id } = await generateApiToken(ctx, { replaces: "" });
    expect(await refused(tenant, () => generateApiToken(ctx, { replaces: "" }))).toMatchObject({
      code: "conflict",
    });
    expect(await worthOfToken(tenant, token)).toBe("full");
    await generateApiToken(ctx, { replaces: id });
    expect(await worthOfToken(tenant, token)).toBe("revoked");
  });
});

describe("is refused, and writes nothing:", () => {
  test("to who may not generate tokens for oneself (DEC13)", async () => {
    const { tenant, robin } = await firmWithTokens();
    const ctx = actingAs(tenant, robin, ...everything.filter((one) => one !== "api_tokens:own"));
    expect(await refused(tenant, () => generateApiToken(ctx, {}))).toMatchObject({ status: 403 });
    expect(await refusalsOf(tenant, "api_token.generated")).toEqual(["needs_api_tokens:own"]);
  });

  test("to who may not generate them for others (DEC13)", async () => {
    const { tenant, robin } = await firmWithTokens();
    const ctx = actingWith(tenant, ...everything.filter((one) => one !== "api_tokens:manage"));
    const attempt = () => generateApiToken(ctx, { memberId: robin.id });
    expect(await refused(tenant, attempt)).toMatchObject({ status: 403 });
    expect(await refusalsOf(tenant, "api_token.generated")).toEqual(["needs_api_tokens:manage"]);
  });

  test("a token of somebody who holds more (SEC60)", async () => {
    const { tenant, administrator } = await firmWithTokens();
    const ctx = actingWith(tenant, "api_tokens:manage", "members:read");
    const attempt = () => generateApiToken(ctx, { memberId: administrator.id });
    expect(await refused(tenant, attempt)).toMatchObject({ status: 403 });
    expect((await refusalsOf(tenant, "api_token.generated"))[0]).toMatch(/^does_not_hold_/);
  });

  test("a token of somebody of another firm, of a deleted one, of a contact, of nobody", async () => {
    const { tenant, ctx, robin } = await firmWithTokens();
    await alter(tenant, robin, { status: "disabled", deletedAt: new Date() });
    const stranger = await aMember(await aTenant());
    const contact = await aMember(tenant, { kind: "contact" });
    for (const { id: memberId } of [stranger, robin, contact, { id: crypto.randomUUID() }]) {
      expect(await refused(tenant, () => generateApiToken(ctx, { memberId }))).toMatchObject({ status: 404 });
    }
  });

  test.each([
    ["disabled", { status: "disabled" }],
    ["frozen", { frozenAt: new Date() }],
  ] as const)("a token of somebody who is %s", async (_, change) => {
    const { tenant, ctx, robin } = await firmWithTokens();
    await alter(tenant, robin, change);
    const attempt = () => generateApiToken(ctx, { memberId: robin.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
  });

  test.each([
    ["do what its owner may not", { scopes: ["clients:read", "members:manage"] }, "scopes"],
    ["give out tokens, which no token may", { scopes: ["api_tokens:own"] }, "scopes"],
    ["do nothing at all", { scopes: [] }, "scopes"],
    ["work for longer than a year", { expiresInDays: 366 }, "expiresInDays"],
    ["work for no time", { expiresInDays: "0" }, "expiresInDays"],
    ["leave an overlap that is not offered", { overlapHours: 25 }, "overlapHours"],
  ])("one that may %s", async (_, wish, field) => {
    const { tenant, ctx, robin } = await firmWithTokens();
    const error = await refused(tenant, () => generateApiToken(ctx, { memberId: robin.id, ...wish }));
    expect(error.code).toBe("invalid");
    expect(Object.keys(error.fieldErrors)).toEqual([field]);
  });
});

describe("an API token does nothing that takes a person: 403, and nothing is written", () => {
  const change = {
    currentPassword: GOOD_PASSWORD,
    newPassword: "violet anchor 3 drum",
    confirmPassword: "violet anchor 3 drum",
  };

  test.each([
    ["signing out", signOut, undefined, "session.ended"],
    ["changing the password", changeOwnPassword, change, "password.change"],
    ["generating another token", generateApiToken, {}, "api_token.generated"],
    ["revoking itself", revokeApiToken, { tokenId: crypto.randomUUID() }, "api_token.revoked"],
  ] as const)("%s", async (_, useCase, input, event) => {
    const { tenant, ctx } = await firmWithTokens();
    const { token } = await generateApiToken(ctx, {});
    const program = await bearing(tenant, token);
    const error = await refused(tenant, () => (useCase as typeof generateApiToken)(program, input));
    expect(error).toMatchObject({ status: 403, reason: "not_in_person" });
    expect(await refusalsOf(tenant, event)).toEqual(["not_in_person"]);
    expect(await worthOfToken(tenant, token)).toBe("full");
  });
});

describe("is revoked", () => {
  test("by its owner, whatever the owner may do by then, and it stays so", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const { token, id: tokenId } = await generateApiToken(ctx, { memberId: robin.id });
    await revokeApiToken(actingAs(tenant, robin), { tokenId });
    await revokeApiToken(actingAs(tenant, robin), { tokenId });
    expect(await worthOfToken(tenant, token)).toBe("revoked");
    const events = (await auditOf(tenant)).map(({ event }) => event);
    expect(events).toEqual(["api_token.generated", "api_token.revoked"]);
  });

  test("by whoever manages the firm's", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const { token, id: tokenId } = await generateApiToken(ctx, { memberId: robin.id });
    await revokeApiToken(ctx, { tokenId });
    expect(await worthOfToken(tenant, token)).toBe("revoked");
  });

  test("and not by somebody else, nor one of somebody who holds more, nor one of another firm", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const { token, id: tokenId } = await generateApiToken(ctx, {});
    const byRobin = () => revokeApiToken(actingAs(tenant, robin, "clients:read"), { tokenId });
    expect(await refused(tenant, byRobin)).toMatchObject({ status: 403 });
    const byManager = () =>
      revokeApiToken(actingWith(tenant, "api_tokens:manage", "members:read"), { tokenId });
    expect(await refused(tenant, byManager)).toMatchObject({ status: 403 });
    const other = await firmWithTokens();
    const byStranger = () => revokeApiToken(other.ctx, { tokenId });
    expect(await refused(other.tenant, byStranger)).toMatchObject({ status: 404 });
    expect(await worthOfToken(tenant, token)).toBe("full");
  });
});

describe("the firm's tokens are listed", () => {
  test("with owner, scopes, end and last use, and without those that are over", async () => {
    const { tenant, robin, ctx } = await firmWithTokens();
    const { token } = await generateApiToken(ctx, { memberId: robin.id, scopes: ["clients:read"] });
    await generateApiToken(ctx, {});
    const { id: again, hint } = await generateApiToken(ctx, {});
    await worthOfToken(tenant, token);
    const { tokens } = await listApiTokens(ctx, {});
    expect(tokens.map(({ owner }) => owner.username)).toEqual(["admin", "robin"]);
    expect(tokens[0]).toMatchObject({ id: again, hint, lastUsedAt: null });
    expect(tokens[1]).toMatchObject({ scopes: ["clients:read"], lastUsedSource: "203.0.113.7" });
    expect(Object.keys(tokens[0] ?? {})).not.toContain("tokenHash");
  });

  test("and nothing of the staff to who may not see them", async () => {
    const { tenant, ctx } = await firmWithTokens();
    await generateApiToken(ctx, {});
    expect((await listApiTokens(actingWith(tenant, "api_tokens:manage"), {})).tokens).toEqual([]);
  });
});
