import { afterEach, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { type Check, checkDraft } from "#lib/auth/sso/check-draft.ts";
import { createConnection } from "#lib/auth/sso/connections/create-connection.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { saveDraft } from "#lib/auth/sso/connections/save-draft.ts";
import { DAY, MINUTE } from "#lib/core/clock.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { aCertificate, aConfiguration, samlWith } from "#tests/support/drafts.ts";
import { aLoopbackServer } from "#tests/support/loopback-server.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aTenant } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function connected(kind: "oidc" | "saml") {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...everything);
  const { id: connectionId } = await createConnection(ctx, { kind, name: "Provider" });
  return { tenant, ctx, connectionId };
}

type Said = { description?: object; keys?: object[]; date?: Date };

/** A provider that describes itself, until it is told to say something else. */
async function aProvider(said: Said) {
  const server = await aLoopbackServer(({ url, headers }, response) => {
    const issuer = `http://${headers.host}`;
    if (said.date) response.setHeader("date", said.date.toUTCString());
    if (url === "/keys") return response.end(JSON.stringify({ keys: said.keys ?? [{ kty: "RSA" }] }));
    const endpoints = { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
    const described = { issuer, ...endpoints, jwks_uri: `${issuer}/keys`, ...said.description };
    return response.end(JSON.stringify(described));
  });
  open.push(server);
  return server.origin;
}

/** A draft that was saved by what the provider said of itself. */
async function drafted(said: Said = {}) {
  const { tenant, ctx, connectionId } = await connected("oidc");
  const issuer = await aProvider(said);
  const clientSecret = "a secret";
  await saveDraft(ctx, { kind: "oidc", connectionId, issuer, clientId: "portal", clientSecret });
  const check = async () => summaryOf((await checkDraft(ctx, { connectionId })).checks);
  return { tenant, ctx, connectionId, issuer, check };
}

const summaryOf = (checks: Check[]) => Object.fromEntries(checks.map(({ what, state }) => [what, state]));

const WELL = {
  ...{ "Description of the provider": "well", Algorithms: "well" },
  ...{ "Keys of the provider": "well", Clock: "well" },
};

test("a draft is filled in by what the provider says of itself, and everything about it is well (G3)", async () => {
  const { tenant, ctx, connectionId, issuer, check } = await drafted({ date: await clock.stop() });
  expect((await getConnection(ctx, connectionId)).draft?.settings).toMatchObject({
    ...{ issuer, tokenEndpoint: `${issuer}/token`, jwksUri: `${issuer}/keys` },
  });
  expect(await check()).toEqual(WELL);
  expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "connection.checked", detail: { wrong: 0 } });
});

test.each([
  [
    "another issuer",
    { description: { issuer: "https://evil.example" } },
    "Description of the provider",
    "doubtful",
  ],
  [
    "other addresses",
    { description: { token_endpoint: "https://a.example/t" } },
    "Description of the provider",
    "doubtful",
  ],
  ["no key", { keys: [] }, "Keys of the provider", "wrong"],
  ["keys of another kind", { keys: [{ kty: "EC" }] }, "Keys of the provider", "wrong"],
  ["keys for something else", { keys: [{ kty: "RSA", use: "enc" }] }, "Keys of the provider", "wrong"],
] as const)("what has come about since is seen: %s", async (_, change, what, state) => {
  const said: Said = { date: await clock.stop() };
  const { check } = await drafted(said);
  Object.assign(said, change);
  expect(await check()).toEqual({ ...WELL, [what]: state });
});

test("a provider whose clock is minutes away is told of", async () => {
  const said: Said = { date: await clock.stop() };
  const { check } = await drafted(said);
  await clock.travel(2 * MINUTE);
  expect(await check()).toEqual({ ...WELL, Clock: "wrong" });
});

test("a provider that is away is told of, and nothing is thrown", async () => {
  const { check } = await drafted();
  for (const one of open.splice(0)) await one.close();
  expect(await check()).toMatchObject({ "Keys of the provider": "wrong" });
});

test("certificates of a SAML provider are told of with their dates (G10)", async () => {
  const now = await clock.stop();
  const { tenant, ctx, connectionId } = await connected("saml");
  const at = (days: number) => new Date(now.getTime() + days * DAY);
  const provider = [await aCertificate(at(-400), at(-1)), await aCertificate(at(-1), at(30))];
  const own = await aCertificate(at(-1), at(900));
  await aConfiguration(tenant, connectionId, { settings: samlWith(provider, own) });
  const { checks } = await checkDraft(ctx, { connectionId });
  expect(checks.slice(0, 3).map(({ state }) => state)).toEqual(["wrong", "doubtful", "well"]);
  expect(checks[1]?.found).toContain("30 days from now");
});

test("of another firm's connection, and without a draft, nothing is looked at", async () => {
  const { connectionId } = await drafted();
  const { tenant, ctx, connectionId: empty } = await connected("oidc");
  for (const id of [connectionId, empty]) {
    const attempt = () => checkDraft(ctx, { connectionId: id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  }
});
