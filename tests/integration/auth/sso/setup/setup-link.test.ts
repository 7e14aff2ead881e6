import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { createConnection } from "#lib/auth/sso/connections/create-connection.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { saveDraft } from "#lib/auth/sso/connections/save-draft.ts";
import { openSetupLink } from "#lib/auth/sso/setup/open-setup-link.ts";
import { revokeSetupLink } from "#lib/auth/sso/setup/revoke-setup-link.ts";
import { saveDraftBySetupLink } from "#lib/auth/sso/setup/save-draft-by-setup-link.ts";
import { sendSetupLink } from "#lib/auth/sso/setup/send-setup-link.ts";
import { DAY, MINUTE, SECOND } from "#lib/core/clock.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { configurationsIn } from "#tests/support/drafts.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { auditOf, contentsOf, dump, refused } from "#tests/support/records.ts";
import { aTenant } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

async function asked(minutes = 60) {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...everything);
  const { id: connectionId } = await createConnection(ctx, { kind: "oidc", name: "Provider" });
  const send = (change: object = {}) =>
    sendSetupLink(ctx, { connectionId, toAddress: "it@provider.example", minutes, ...change });
  const visitor = visitorOf(tenant);
  const save = (token: string, change: object = {}) =>
    saveDraftBySetupLink(visitor, { token, draft: { ...typed(connectionId), ...change } });
  const works = async (token: string) => (await openSetupLink(visitor, { token })).link !== undefined;
  return { tenant, ctx, connectionId, send, save, works, visitor };
}

const typed = (connectionId: string) => ({
  ...{ kind: "oidc", by: "hand", connectionId, clientId: "portal", clientSecret: "of-the-contact" },
  ...{ issuer: "https://idp.example", authorizationEndpoint: "https://idp.example/authorize" },
  ...{ tokenEndpoint: "https://idp.example/token", jwksUri: "https://idp.example/keys", algorithms: "RS256" },
});

async function tokenIn(tenant: Parameters<typeof oneMail>[0]): Promise<string> {
  const { text } = await oneMail(tenant, "sso-setup");
  return /\/sso\/setup\/([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? "";
}

describe("one person without an account fills in a connection by a mailed link (G3)", () => {
  test("and it is a draft, recorded as that link's", async () => {
    const { tenant, ctx, connectionId, send, save } = await asked();
    await send();
    const token = await tokenIn(tenant);
    expect(await save(token)).toMatchObject({ outcome: "saved", changed: true });
    const { draft, connection } = await getConnection(ctx, connectionId);
    expect(draft?.settings).toMatchObject({ issuer: "https://idp.example" });
    expect(connection.state).toBe("draft");
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "setup_link.used",
      targetId: connectionId,
      actorKind: "visitor",
    });
  });

  test("the token is in the mail, and nowhere in the database", async () => {
    const { tenant, send } = await asked();
    await send();
    const token = await tokenIn(tenant);
    expect(token).toHaveLength(43);
    expect(await dump()).not.toContain(token);
  });

  test("what it shows holds no secret, and its first opening is recorded", async () => {
    const { tenant, send, save, visitor } = await asked();
    await send();
    const token = await tokenIn(tenant);
    await save(token);
    const opened = [await openSetupLink(visitor, { token }), await openSetupLink(visitor, { token })];
    expect(JSON.stringify(opened)).not.toMatch(/of-the-contact|sealed/i);
    expect(opened[0]?.link?.draft?.settings).toMatchObject({ clientId: "portal" });
    const events = (await auditOf(tenant)).filter(({ event }) => event === "setup_link.opened");
    expect(events).toHaveLength(1);
  });

  test("it works for its time and no longer", async () => {
    const { tenant, send, works } = await asked(5);
    await clock.stop();
    await send();
    const token = await tokenIn(tenant);
    await clock.travel(5 * MINUTE - SECOND);
    expect(await works(token)).toBe(true);
    await clock.travel(SECOND);
    expect(await works(token)).toBe(false);
  });

  test("a firm has one at a time: a new one ends the one before", async () => {
    const { tenant, send, works } = await asked();
    await send();
    const first = await tokenIn(tenant);
    await send({ toAddress: "other@provider.example" });
    const second = await tokenIn(tenant);
    expect([await works(first), await works(second)]).toEqual([false, true]);
  });

  test("it is taken back, and what was entered stays", async () => {
    const { tenant, ctx, connectionId, send, save, works } = await asked();
    await send();
    const token = await tokenIn(tenant);
    await save(token);
    const { setupLink } = await getConnection(ctx, connectionId);
    await revokeSetupLink(ctx, { linkId: setupLink?.id });
    expect(await works(token)).toBe(false);
    expect(await configurationsIn(tenant, connectionId)).toHaveLength(1);
    const again = () => revokeSetupLink(ctx, { linkId: setupLink?.id });
    expect(await refused(tenant, again)).toMatchObject({ code: "not_found" });
  });

  test("one that was taken back before its mail left is not mailed", async () => {
    const { tenant, ctx, connectionId, send } = await asked();
    await send();
    const { setupLink } = await getConnection(ctx, connectionId);
    await revokeSetupLink(ctx, { linkId: setupLink?.id });
    expect(await deliveredMail(tenant, "sso-setup")).toEqual([]);
    expect(await outboxOf(tenant, "sso-setup")).toMatchObject([
      { status: "suppressed", reason: "link_ended" },
    ]);
  });
});

describe("it opens that one draft and nothing else:", () => {
  test("another connection that its form names is not touched", async () => {
    const { tenant, ctx, connectionId, send, save } = await asked();
    const { id: other } = await createConnection(ctx, { kind: "oidc", name: "Other" });
    await send();
    await save(await tokenIn(tenant), { connectionId: other });
    expect(await configurationsIn(tenant, other)).toEqual([]);
    expect(await configurationsIn(tenant, connectionId)).toHaveLength(1);
  });

  test("the secret of another connection is not taken over by its form", async () => {
    const { tenant, ctx, send, save } = await asked();
    const { id: other } = await createConnection(ctx, { kind: "oidc", name: "Other" });
    await saveDraft(ctx, { ...typed(other), clientSecret: "of-the-other" });
    await send();
    const attempt = save(await tokenIn(tenant), { connectionId: other, clientSecret: "" });
    await expect(attempt).rejects.toMatchObject({ fieldErrors: { clientSecret: [expect.any(String)] } });
  });

  test("at another firm it is worth nothing, and nothing is asked of anybody", async () => {
    const { tenant, send } = await asked();
    await send();
    const token = await tokenIn(tenant);
    const stranger = await asked();
    const before = await contentsOf(stranger.tenant);
    expect(await stranger.works(token)).toBe(false);
    expect(await stranger.save(token, { connectionId: stranger.connectionId })).toEqual({ outcome: "dead" });
    expect(await contentsOf(stranger.tenant)).toEqual(before);
  });

  test("pressing its button with nothing typed anew changes nothing, as robots do (B3, DEC9)", async () => {
    const { tenant, ctx, connectionId, send, save } = await asked();
    await send();
    const token = await tokenIn(tenant);
    await expect(save(token, { issuer: "", clientId: "" })).rejects.toMatchObject({ code: "invalid" });
    expect(await configurationsIn(tenant, connectionId)).toEqual([]);
    await save(token);
    const { draft } = await getConnection(ctx, connectionId);
    await save(token, { clientSecret: "" });
    expect((await getConnection(ctx, connectionId)).draft?.id).toBe(draft?.id);
  });
});

test("it is saved twenty times, then once a minute: each asks a provider, or makes a key", async () => {
  const { tenant, send, save } = await asked();
  await clock.stop();
  await send();
  const token = await tokenIn(tenant);
  for (const _ of Array.from({ length: 20 })) await save(token);
  const another = { clientId: "another" };
  expect(await refused(tenant, () => save(token, another))).toMatchObject({ code: "rate_limited" });
  await clock.travel(MINUTE);
  expect(await save(token, another)).toMatchObject({ outcome: "saved", changed: true });
});

describe("whom it goes to, and for how long, is judged:", () => {
  test.each([
    ["no address", { toAddress: "somebody" }, "toAddress"],
    ["for longer than a week", { minutes: 30 * 24 * 60 }, "minutes"],
    ["for less than five minutes", { minutes: 1 }, "minutes"],
  ])("%s is refused, and nothing is mailed", async (_, change, field) => {
    const { tenant, send } = await asked();
    expect(await refused(tenant, () => send(change))).toMatchObject({
      code: "invalid",
      fieldErrors: { [field]: [expect.any(String)] },
    });
  });

  test("another firm's connection is not found", async () => {
    const { connectionId } = await asked();
    const stranger = await asked();
    const attempt = () => stranger.send({ connectionId });
    expect(await refused(stranger.tenant, attempt)).toMatchObject({ code: "not_found" });
  });
});

test("a week is the longest", async () => {
  const { tenant, send, works } = await asked(7 * 24 * 60);
  await send();
  const token = await tokenIn(tenant);
  await clock.travel(7 * DAY - MINUTE);
  expect(await works(token)).toBe(true);
});
