import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { connectionConfigurations } from "#db/schema/connections.ts";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { secretOf } from "#lib/auth/sso/configuration.ts";
import { beginTest } from "#lib/auth/sso/connections/begin-test.ts";
import { createConnection } from "#lib/auth/sso/connections/create-connection.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { putIntoService } from "#lib/auth/sso/connections/put-into-service.ts";
import { saveDraft } from "#lib/auth/sso/connections/save-draft.ts";
import { DAY } from "#lib/core/clock.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { aCertificate, configurationsIn, metadataOf, rolesIn } from "#tests/support/drafts.ts";
import { auditOf, dump, refused } from "#tests/support/records.ts";
import { aTenant } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

async function connected(kind: "oidc" | "saml" = "oidc") {
  const tenant = await aTenant();
  const ctx = actingWith(tenant, ...everything);
  const { id: connectionId } = await createConnection(ctx, { kind, name: "Provider" });
  const secrets = async () => (await configurationsIn(tenant, connectionId)).map(secretOf);
  const pass = (id: string) =>
    withTenant(tenant.id, (db, now) =>
      db.update(connectionConfigurations).set({ testedAt: now }).where(eq(connectionConfigurations.id, id)),
    );
  return { tenant, ctx, connectionId, secrets, pass };
}

/** An OIDC provider's addresses as they are typed. */
const byHand = (connectionId: string, change: object = {}) => ({
  ...{ kind: "oidc", by: "hand", connectionId, clientId: "portal", clientSecret: "first-secret" },
  ...{ issuer: "https://idp.example", authorizationEndpoint: "https://idp.example/authorize" },
  ...{ tokenEndpoint: "https://idp.example/token", jwksUri: "https://idp.example/keys", algorithms: "RS256" },
  ...change,
});

async function pasted(connectionId: string, change: object = {}) {
  const now = await clock.stop();
  const certificate = await aCertificate(new Date(now.getTime() - DAY), new Date(now.getTime() + 300 * DAY));
  return { kind: "saml", connectionId, metadata: metadataOf(certificate), ...change };
}

describe("a draft of an OIDC provider", () => {
  test("is saved with its secret sealed, recorded, and no page is told the secret (SEC72)", async () => {
    const { tenant, ctx, connectionId, secrets } = await connected();
    await saveDraft(ctx, byHand(connectionId));
    const reading = await getConnection(ctx, connectionId);
    expect(reading.draft?.settings).toMatchObject({ issuer: "https://idp.example", scopes: ["openid"] });
    expect(await secrets()).toEqual(["first-secret"]);
    expect(JSON.stringify(reading)).not.toMatch(/first-secret|sealed/i);
    expect(await dump()).not.toContain("first-secret");
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "connection.draft_saved",
      targetId: connectionId,
      detail: { configuration: reading.draft?.id },
    });
  });

  test("keeps its secret where none is typed, and takes a new one", async () => {
    const { ctx, connectionId, secrets } = await connected();
    await saveDraft(ctx, byHand(connectionId));
    await saveDraft(ctx, byHand(connectionId, { clientSecret: "", scopes: "openid groups" }));
    expect(await secrets()).toEqual(["first-secret"]);
    await saveDraft(ctx, byHand(connectionId, { clientSecret: "second-secret" }));
    expect(await secrets()).toEqual(["second-secret"]);
  });

  test.each([
    ["another issuer", { issuer: "https://evil.example" }],
    ["another server for tokens", { tokenEndpoint: "https://evil.example/token" }],
  ])("gives a kept secret to no other provider: %s has to come with its own", async (_, change) => {
    const { tenant, ctx, connectionId } = await connected();
    await saveDraft(ctx, byHand(connectionId));
    const wish = byHand(connectionId, { clientSecret: "", ...change });
    expect(await refused(tenant, () => saveDraft(ctx, wish))).toMatchObject({
      code: "invalid",
      fieldErrors: { clientSecret: [expect.any(String)] },
    });
  });

  test.each([
    ["no client secret at first", { clientSecret: "" }, "clientSecret"],
    ["no client id", { clientId: "" }, "clientId"],
    ["an address without https", { jwksUri: "http://idp.example/keys" }, "jwksUri"],
    ["a script for an address", { authorizationEndpoint: "javascript:alert(1)" }, "authorizationEndpoint"],
    ["an address of a private network", { tokenEndpoint: "https://10.0.0.1/token" }, "tokenEndpoint"],
    ["no algorithm that is safe", { algorithms: "HS256 none" }, "algorithms"],
    ["an issuer that nobody can be asked at", { by: "discovery", issuer: "https://127.0.0.1/" }, "issuer"],
  ])("is refused with %s, beside its field, and nothing is written", async (_, change, field) => {
    const { tenant, ctx, connectionId } = await connected();
    const error = await refused(tenant, () => saveDraft(ctx, byHand(connectionId, change)));
    expect(error).toMatchObject({ code: "invalid", fieldErrors: { [field]: [expect.any(String)] } });
  });
});

describe("a draft of a SAML provider", () => {
  test("is read from its metadata, with a key of our own for each connection (SEC81)", async () => {
    const { ctx, connectionId, secrets } = await connected("saml");
    await saveDraft(ctx, await pasted(connectionId));
    const { draft } = await getConnection(ctx, connectionId);
    expect(draft?.settings).toMatchObject({ entityId: "https://idp.example/saml", ssoBinding: "redirect" });
    expect(draft?.certificates.map(({ whose }) => whose)).toEqual(["provider", "own"]);
    expect((await secrets())[0]).toContain("PRIVATE KEY");
  });

  test("keeps that key until a new one is wanted", async () => {
    const { ctx, connectionId, secrets } = await connected("saml");
    const metadata = await pasted(connectionId);
    await saveDraft(ctx, metadata);
    const [first] = await secrets();
    await saveDraft(ctx, { ...metadata, requireEncryption: "on" });
    expect(await secrets()).toEqual([first]);
    await saveDraft(ctx, { ...metadata, renewKey: "on" });
    expect((await secrets())[0]).not.toBe(first);
  });

  test("keeps what the provider has said of itself where nothing is pasted", async () => {
    const { ctx, connectionId } = await connected("saml");
    await saveDraft(ctx, await pasted(connectionId));
    const before = (await getConnection(ctx, connectionId)).draft?.settings;
    await saveDraft(ctx, { kind: "saml", connectionId, metadata: "", emailClaim: "mail" });
    const after = (await getConnection(ctx, connectionId)).draft?.settings;
    expect(after).toEqual({ ...before, claims: { ...before?.claims, email: "mail" } });
  });

  test("is typed by hand as well", async () => {
    const { ctx, connectionId } = await connected("saml");
    const now = await clock.stop();
    const certificates = await aCertificate(new Date(now.getTime() - DAY), new Date(now.getTime() + DAY));
    const place = { entityId: "urn:idp", ssoUrl: "https://idp.example/sso" };
    await saveDraft(ctx, { kind: "saml", by: "hand", connectionId, certificates, ...place });
    expect((await getConnection(ctx, connectionId)).draft?.settings).toMatchObject(place);
  });

  test.each([
    ["nothing pasted", { metadata: "" }, "metadata"],
    ["what is no metadata", { metadata: "<html></html>" }, "metadata"],
    ["by hand, no certificate", { by: "hand", entityId: "x", ssoUrl: "https://a.example/" }, "certificates"],
    ["by hand, no address", { by: "hand", entityId: "x", certificates: "AAAA" }, "ssoUrl"],
  ])("is refused with %s, and nothing is written", async (_, change, field) => {
    const { tenant, ctx, connectionId } = await connected("saml");
    const wish = await pasted(connectionId, change);
    expect(await refused(tenant, () => saveDraft(ctx, wish))).toMatchObject({
      code: "invalid",
      fieldErrors: { [field]: [expect.any(String)] },
    });
  });
});

describe("a draft stands beside what serves (G4)", () => {
  test("and a change makes another of it, of which no test has come through", async () => {
    const { tenant, ctx, connectionId, pass } = await connected();
    const { configurationId: served } = await saveDraft(ctx, byHand(connectionId));
    await pass(served);
    await putIntoService(ctx, { connectionId, configurationId: served });
    const { configurationId: first } = await saveDraft(ctx, byHand(connectionId, { scopes: "email" }));
    await pass(first);
    const { configurationId: second } = await saveDraft(ctx, byHand(connectionId, { scopes: "groups" }));
    expect(await rolesIn(tenant, connectionId)).toEqual({ [served]: "serving", [second]: "draft" });
    for (const configurationId of [first, second]) {
      const attempt = () => putIntoService(ctx, { connectionId, configurationId });
      expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
    }
  });

  test("but saving what is there already changes nothing, and keeps the test", async () => {
    const { tenant, ctx, connectionId, pass } = await connected();
    const { configurationId } = await saveDraft(ctx, byHand(connectionId));
    await pass(configurationId);
    const again = await saveDraft(ctx, byHand(connectionId, { clientSecret: "" }));
    expect(again).toMatchObject({ configurationId, changed: false });
    expect((await getConnection(ctx, connectionId)).draft?.testedAt).not.toBeNull();
    expect((await auditOf(tenant)).map(({ event }) => event)).toEqual([
      ...["connection.created", "connection.draft_saved"],
    ]);
  });

  test("of two who save at once one is told", async () => {
    const { ctx, connectionId, secrets } = await connected();
    const wishes = ["one", "two"].map((clientSecret) => byHand(connectionId, { clientSecret }));
    const outcomes = await Promise.allSettled(wishes.map((wish) => saveDraft(ctx, wish)));
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    expect(await secrets()).toHaveLength(1);
  });

  test("of the other kind of provider there is none, nor of another firm's connection", async () => {
    const { tenant, ctx, connectionId } = await connected("saml");
    expect(await refused(tenant, () => saveDraft(ctx, byHand(connectionId)))).toMatchObject({
      code: "invalid",
    });
    const stranger = await connected();
    const attempt = () => saveDraft(stranger.ctx, byHand(connectionId));
    expect(await refused(stranger.tenant, attempt)).toMatchObject({ code: "not_found" });
  });
});

describe("a test sign-in is begun", () => {
  test("with the draft, and the connection says that it is being tested", async () => {
    const { tenant, ctx, connectionId } = await connected();
    const { configurationId } = await saveDraft(ctx, byHand(connectionId));
    const { configuration } = await beginTest(ctx, { connectionId });
    expect(configuration.id).toBe(configurationId);
    expect((await getConnection(ctx, connectionId)).connection.state).toBe("testing");
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "connection.test_begun" });
  });

  test("not without a draft, nor of another firm's connection", async () => {
    const { tenant, ctx, connectionId } = await connected();
    expect(await refused(tenant, () => beginTest(ctx, { connectionId }))).toMatchObject({ code: "conflict" });
    const stranger = await connected();
    const attempt = () => beginTest(stranger.ctx, { connectionId });
    expect(await refused(stranger.tenant, attempt)).toMatchObject({ code: "not_found" });
  });
});
