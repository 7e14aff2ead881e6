import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { signOut } from "#lib/auth/session/sign-out.ts";
import { endSessionAddress } from "#lib/auth/sso/oidc/end-session-address.ts";
import { receiveLogout } from "#lib/auth/sso/oidc/receive-logout.ts";
import { clock } from "#tests/support/clock.ts";
import { contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { aKey, anOidcProvider, signed } from "#tests/support/oidc-provider.ts";
import { anOidcConnection, linked, type OidcConnection, signInAt } from "#tests/support/oidc-sign-in.ts";
import { auditOf, refusalsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const MINUTE = 60_000;
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function aConnection(): Promise<OidcConnection> {
  const provider = await anOidcProvider();
  open.push(provider);
  const connection = await anOidcConnection(await aTenant(), provider);
  await linked(connection);
  return connection;
}

/** Somebody who has come from the provider, in a session of theirs there. */
async function cameFrom(connection: OidcConnection, sid: string, sub = "upstream-1") {
  const { outcome } = await signInAt(connection, { sub, sid });
  if (outcome?.outcome !== "signed_in") throw new Error("Nobody came.");
  return outcome.session;
}

type Claims = Record<string, unknown>;

function claimsOf({ provider }: OidcConnection, changes: Claims): Claims {
  const now = Math.floor(Date.now() / 1000);
  const jti = randomUUID();
  return {
    iss: provider.issuer,
    aud: provider.clientId,
    iat: now,
    exp: now + 120,
    jti,
    events: { [EVENT]: {} },
    ...changes,
  };
}

const tokenOf = (connection: OidcConnection, changes: Claims, header: Claims = {}) =>
  signed(
    claimsOf(connection, changes),
    { kid: "key-1", typ: "logout+jwt", ...header },
    connection.provider.key,
  );

const tell = ({ tenant, connectionId }: OidcConnection, token: string) =>
  receiveLogout(visitorOf(tenant), connectionId, token);

describe("a provider's own logout ends at once what came from it (G9, SEC71)", () => {
  test("one of its sessions, by its name", async () => {
    const connection = await aConnection();
    const [one, other] = [await cameFrom(connection, "s1"), await cameFrom(connection, "s2")];
    expect(await tell(connection, await tokenOf(connection, { sid: "s1", sub: "upstream-1" }))).toEqual({
      outcome: "done",
    });
    expect(await worthOf(connection.tenant, one)).toBe("revoked");
    expect(await worthOf(connection.tenant, other)).toBe("full");
    const told = (await auditOf(connection.tenant)).filter(({ event }) => event === "sso.logout");
    expect(told).toMatchObject([
      { actorKind: "visitor", detail: { connection: connection.connectionId, sessions: 1 } },
    ]);
  });

  test("all of somebody, and nobody else's", async () => {
    const connection = await aConnection();
    await linked(connection, "upstream-2");
    const [one, other] = [await cameFrom(connection, "s1"), await cameFrom(connection, "s2")];
    const somebody = await cameFrom(connection, "s3", "upstream-2");
    await tell(connection, await tokenOf(connection, { sub: "upstream-1" }));
    expect(await worthOf(connection.tenant, one)).toBe("revoked");
    expect(await worthOf(connection.tenant, other)).toBe("revoked");
    expect(await worthOf(connection.tenant, somebody)).toBe("full");
  });

  test("a session's name and a person that do not belong together end nothing", async () => {
    const connection = await aConnection();
    const session = await cameFrom(connection, "s1");
    await tell(connection, await tokenOf(connection, { sid: "s1", sub: "upstream-2" }));
    expect(await worthOf(connection.tenant, session)).toBe("full");
  });

  test("of another connection nothing, though both know the same names", async () => {
    const one = await aConnection();
    const provider = await anOidcProvider();
    open.push(provider);
    const other = await anOidcConnection(one.tenant, provider);
    const session = await cameFrom(one, "s1");
    await tell(other, await tokenOf(other, { sub: "upstream-1", sid: "s1" }));
    expect(await worthOf(one.tenant, session)).toBe("full");
  });

  test("once: the same word again is refused, also at the same time", async () => {
    const connection = await aConnection();
    const token = await tokenOf(connection, { sub: "upstream-1" });
    const told = await Promise.all(Array.from({ length: 5 }, () => tell(connection, token)));
    expect(told.filter(({ outcome }) => outcome === "done")).toHaveLength(1);
    const session = await cameFrom(connection, "s1");
    expect(await tell(connection, token)).toEqual({ outcome: "refused", reason: "logout_token_spent" });
    expect(await worthOf(connection.tenant, session)).toBe("full");
  });
});

describe("what is forged, old or no logout ends nothing, and is recorded (SEC71)", () => {
  test.each<[string, string, (connection: OidcConnection) => Promise<string>]>([
    ["an ID token", "logout_token_type", (at) => tokenOf(at, { sub: "upstream-1" }, { typ: "JWT" })],
    [
      "a token without a kind",
      "logout_token_type",
      (at) => tokenOf(at, { sub: "upstream-1" }, { typ: undefined }),
    ],
    ["one with a nonce", "logout_token_nonce", (at) => tokenOf(at, { sub: "upstream-1", nonce: "n" })],
    [
      "one without an event",
      "logout_token_without_events",
      (at) => tokenOf(at, { sub: "upstream-1", events: undefined }),
    ],
    [
      "one with another event",
      "logout_token_event",
      (at) => tokenOf(at, { sub: "upstream-1", events: { "urn:other": {} } }),
    ],
    [
      "one whose event is a word",
      "logout_token_event",
      (at) => tokenOf(at, { sub: "upstream-1", events: { [EVENT]: "yes" } }),
    ],
    [
      "one that names nobody",
      "logout_token_names_nobody",
      (at) => tokenOf(at, { sub: undefined, sid: undefined }),
    ],
    ["one that names a number", "logout_token_names_nobody", (at) => tokenOf(at, { sub: 1 })],
    [
      "one without an id",
      "logout_token_without_jti",
      (at) => tokenOf(at, { sub: "upstream-1", jti: undefined }),
    ],
    ["one whose id is no text", "logout_token_id", (at) => tokenOf(at, { sub: "upstream-1", jti: "" })],
    [
      "one without a time",
      "logout_token_without_iat",
      (at) => tokenOf(at, { sub: "upstream-1", iat: undefined }),
    ],
    [
      "an old one",
      "logout_token_too_old",
      (at) => tokenOf(at, { sub: "upstream-1", iat: Date.now() / 1000 - 600, exp: undefined }),
    ],
    [
      "one that is past",
      "logout_token_expired",
      (at) => tokenOf(at, { sub: "upstream-1", exp: Date.now() / 1000 - 60 }),
    ],
    [
      "another issuer's",
      "logout_token_issuer",
      (at) => tokenOf(at, { sub: "upstream-1", iss: "https://other.example" }),
    ],
    ["another client's", "logout_token_audience", (at) => tokenOf(at, { sub: "upstream-1", aud: "another" })],
    [
      "a stranger's",
      "logout_token_signature",
      async (at) =>
        signed(claimsOf(at, { sub: "upstream-1" }), { kid: "key-1", typ: "logout+jwt" }, await aKey()),
    ],
    ["nothing", "logout_token_malformed", async () => ""],
  ])("%s", async (_, reason, make) => {
    const connection = await aConnection();
    const session = await cameFrom(connection, "s1");
    expect(await tell(connection, await make(connection))).toEqual({ outcome: "refused", reason });
    expect(await worthOf(connection.tenant, session)).toBe("full");
    expect(await refusalsOf(connection.tenant, "sso.logout")).toEqual([reason]);
  });

  test("a word for another firm, for a connection that is over, and for none", async () => {
    const connection = await aConnection();
    const session = await cameFrom(connection, "s1");
    const token = await tokenOf(connection, { sub: "upstream-1" });
    const elsewhere = { ...connection, tenant: await aTenant() };
    const none = { ...connection, connectionId: "nothing" };
    for (const other of [elsewhere, none]) {
      expect(await tell(other, token)).toEqual({ outcome: "refused", reason: "connection_not_live" });
    }
    expect(await worthOf(connection.tenant, session)).toBe("full");
  });

  test("one that was kept and sent later, by the portal's clock", async () => {
    const connection = await aConnection();
    const token = await tokenOf(connection, { sub: "upstream-1", exp: undefined });
    await clock.travel(6 * MINUTE);
    expect(await tell(connection, token)).toEqual({ outcome: "refused", reason: "logout_token_too_old" });
  });
});

describe("whoever signs out here signs out there (G9)", () => {
  test("when the session came from there, and back to the firm's own host", async () => {
    const connection = await aConnection();
    const session = await cameFrom(connection, "s1");
    const { came } = await signOut(await contextOf(connection.tenant, session), undefined);
    expect(came).toMatchObject({ session: { subject: "upstream-1", providerSession: "s1" } });
    const settings = came?.configured.configuration.settings;
    if (settings?.kind !== "oidc") throw new Error("It came from elsewhere.");
    expect(endSessionAddress(settings, connection.tenant.slug)).toBeUndefined();
    const address = new URL(
      endSessionAddress(
        { ...settings, endSessionEndpoint: "https://idp.example/out?a=b" },
        connection.tenant.slug,
      ) ?? "",
    );
    expect(Object.fromEntries(address.searchParams)).toEqual({
      a: "b",
      client_id: "portal",
      post_logout_redirect_uri: `http://${connection.tenant.slug}.portal.localhost:3000/sign-in`,
    });
  });

  test("and not when it came by a password", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
    const session = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect((await signOut(await contextOf(tenant, session), undefined)).came).toBeUndefined();
  });
});
