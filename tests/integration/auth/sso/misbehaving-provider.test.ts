import { createHmac } from "node:crypto";
import { exportSPKI, importJWK } from "jose";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { OidcSettings } from "#lib/auth/sso/configuration.ts";
import { owner } from "#tests/support/database.ts";
import {
  aKey,
  anOidcProvider,
  type Faults,
  type OidcProvider,
  signed,
} from "#tests/support/oidc-provider.ts";
import {
  aBrowser,
  anOidcConnection,
  comeBack,
  leave,
  linked,
  type OidcConnection,
} from "#tests/support/oidc-sign-in.ts";
import { auditOf } from "#tests/support/records.ts";
import { aTenant } from "#tests/support/tenants.ts";

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function aConnection(
  faults: Faults = {},
  settings: Partial<OidcSettings> = {},
): Promise<OidcConnection> {
  const provider = await anOidcProvider(faults);
  open.push(provider);
  const connection = await anOidcConnection(await firm, provider, { settings });
  await linked(connection);
  return connection;
}

/** One for all cases: what each of them leaves is told apart by its connection. */
let firm: ReturnType<typeof aTenant>;

beforeAll(() => {
  firm = aTenant();
});

/** Somebody signs in there and comes back; what of it is in the firm's audit log, and that nothing else is left of it. */
async function refusalOf(connection: OidcConnection, person?: Record<string, unknown>): Promise<string> {
  const { tenant, connectionId, provider } = connection;
  const browser = aBrowser();
  const location = await leave(connection, browser);
  const before = await lasting(connection);
  const { response, outcome } = await comeBack(tenant, provider.authorize(location, person), browser);
  if (outcome?.outcome !== "refused") return `${outcome?.outcome}`;

  expect(response.headers.get("location")).toBe("/came/refused");
  expect(await lasting(connection)).toEqual(before);
  expect(
    [...browser.cookies.keys()].filter((name) => /authjs-(?:state|pkce|nonce)|session/.test(name)),
  ).toEqual([]);
  const events = (await auditOf(tenant)).filter(({ detail }) => detail?.connection === connectionId);
  expect(events).toMatchObject([{ event: "sso.refused" }]);
  return events[0]?.reason ?? "";
}

/** What a sign-in could have left. In one statement, for there are many cases. */
async function lasting({ tenant: { id } }: OidcConnection) {
  const [row] = await owner()`
    select (select jsonb_agg(to_jsonb(m) order by id) from members m where tenant_id = ${id}) as members,
           (select count(*) from federated_identities where tenant_id = ${id}) as identities,
           (select count(*) from sessions where tenant_id = ${id}) as sessions,
           (select count(*) from provider_sessions where tenant_id = ${id}) as provider_sessions,
           (select count(*) from link_requests where tenant_id = ${id}) as link_requests,
           (select count(*) from spent_messages where tenant_id = ${id}) as messages`;
  return row;
}

const NOW = () => Math.floor(Date.now() / 1000);
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

type Case = [name: string, reason: string, faults: Faults, settings?: Partial<OidcSettings>];

/** An ID token that says one thing wrong. */
const CLAIMS: Case[] = [
  ["another issuer", "id_token_issuer", { claims: { iss: "https://other.example" } }],
  ["an issuer that differs by a slash", "id_token_issuer", { claims: { iss: "ISSUER/" } }],
  ["an issuer in a list", "id_token_issuer", { claims: { iss: ["ISSUER"] } }],
  ["no issuer", "id_token_without_iss", { claims: { iss: undefined } }],
  ["another client", "id_token_audience", { claims: { aud: "another" } }],
  ["other clients", "id_token_audience", { claims: { aud: ["one", "another"] } }],
  ["no client", "id_token_without_aud", { claims: { aud: undefined } }],
  [
    "several clients and none that it was made for",
    "id_token_authorized_party",
    { claims: { aud: ["portal", "another"] } },
  ],
  ["another client that it was made for", "id_token_authorized_party", { claims: { azp: "another" } }],
  ["an end that is past", "id_token_expired", { claims: { exp: NOW() - 60 } }],
  ["no end", "id_token_without_exp", { claims: { exp: undefined } }],
  ["an end that is a word", "id_token_expired", { claims: { exp: "tomorrow" } }],
  ["a beginning that is to come", "id_token_not_yet_valid", { claims: { nbf: NOW() + 300 } }],
  ["a making that is to come", "id_token_issued_at", { claims: { iat: NOW() + 300 } }],
  ["a making that was long ago", "id_token_too_old", { claims: { iat: NOW() - 3600 } }],
  ["no making", "id_token_without_iat", { claims: { iat: undefined } }],
  ["another nonce", "id_token_nonce", { claims: { nonce: "another" } }],
  ["no nonce", "id_token_nonce", { claims: { nonce: undefined } }],
  ["nobody", "id_token_without_sub", { claims: { sub: undefined } }],
  ["somebody without a name", "id_token_subject", { claims: { sub: "" } }],
  ["somebody with half a character", "id_token_subject", { claims: { sub: "\ud800" } }],
  ["somebody whom the database cannot write", "id_token_subject", { claims: { sub: "upstream-1\u0000" } }],
  ["somebody who is a number", "id_token_subject", { claims: { sub: 1 } }],
  ["somebody of endless name", "id_token_subject", { claims: { sub: "x".repeat(256) } }],
  [
    "more groups than anybody has",
    "too_many_groups",
    { claims: { groups: Array.from({ length: 1001 }, () => "g") } },
  ],
];

/** An ID token that another could have made. */
const SIGNATURES: Case[] = [
  [
    "no signature",
    "id_token_algorithm",
    { idToken: ({ claims }) => `${base64({ alg: "none" })}.${base64(claims)}.` },
  ],
  [
    "the public key for a shared secret",
    "id_token_algorithm",
    {
      async idToken({ claims, key }) {
        const text = `${base64({ alg: "HS256", kid: key.jwk.kid })}.${base64(claims)}`;
        const secret = await exportSPKI(await importPublic(key.jwk));
        return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
      },
    },
  ],
  [
    "a key that the provider has not published",
    "id_token_key_unknown",
    { idToken: async ({ claims }) => byStranger(claims, "key-9") },
  ],
  [
    "a stranger's key by a known name",
    "id_token_signature",
    { idToken: async ({ claims }) => byStranger(claims, "key-1") },
  ],
  [
    "a stranger's key without a name",
    "id_token_signature",
    { idToken: async ({ claims }) => byStranger(claims) },
  ],
  [
    "a key that it brings along",
    "id_token_names_its_key",
    { idToken: async ({ claims }) => byStranger(claims, "key-1", "jwk") },
  ],
  ["a set of keys that it names", "id_token_names_its_key", { header: { jku: "https://evil.example/keys" } }],
  ["a certificate that it names", "id_token_names_its_key", { header: { x5u: "https://evil.example/cert" } }],
  ["a certificate that it brings along", "id_token_names_its_key", { header: { x5c: ["MIIB"] } }],
  [
    "a header that must be understood",
    "id_token_critical_header",
    {
      idToken: ({ claims }) =>
        `${base64({ alg: "RS256", crit: ["b64"], b64: false })}.${base64(claims)}.AAAA`,
    },
  ],
  [
    "a safe algorithm that the connection does not allow",
    "id_token_algorithm",
    {},
    { algorithms: ["ES256"] },
  ],
  ["the kind of a logout", "id_token_type", { header: { typ: "logout+jwt" } }],
  ["the kind of an access token", "id_token_type", { header: { typ: "at+jwt" } }],
  ["a kind that is no word", "id_token_malformed", { header: { typ: 1 } }],
  ["a byte that was changed", "id_token_signature", { idToken: ({ token }) => changed(token) }],
  [
    "claims that were changed",
    "id_token_signature",
    { idToken: ({ token, claims }) => withClaims(token, { ...claims, sub: "another" }) },
  ],
  [
    "no signature but a right header",
    "id_token_signature",
    { idToken: ({ token }) => token.replace(/[^.]+$/, "") },
  ],
  ["what is no token", "id_token_malformed", { idToken: () => "no.token" }],
  [
    "what is encrypted",
    "id_token_algorithm",
    { idToken: () => `${base64({ alg: "RSA-OAEP", enc: "A256GCM" })}.a.b.c.d` },
  ],
  ["more than a token is", "id_token_too_large", { idToken: ({ token }) => token + "x".repeat(70_000) }],
];

const KEYS: Case[] = [
  ["no keys", "key_set_unavailable", { keySet: (_, response) => response.writeHead(500).end() }],
  [
    "keys that lie elsewhere",
    "key_set_unavailable",
    { keySet: (_, response) => response.writeHead(302, { location: "/other" }).end() },
  ],
  ["keys that are no JSON", "key_set_unavailable", { keySet: (_, response) => response.end("<html>") }],
  ["keys that are no list", "key_set_unavailable", { keySet: (_, response) => response.end('{"keys":{}}') }],
  ["an empty list", "id_token_key_unknown", { keys: [] }],
  [
    "a shared secret for a key",
    "id_token_key_unknown",
    { keys: [{ kty: "oct", kid: "key-1", k: "AAAA", alg: "RS256" }] },
  ],
  [
    "a key for encryption",
    "id_token_key_unknown",
    { keys: [{ kty: "RSA", kid: "key-1", use: "enc", n: "AAAA", e: "AQAB" }] },
  ],
  [
    "a key that can be broken",
    "id_token_malformed",
    {
      keys: [
        {
          kty: "RSA",
          kid: "key-1",
          n: "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0_IzW7yWR7QkrmBL7jTKEn5u",
          e: "AQAB",
        },
      ],
    },
  ],
  [
    "more keys than anybody has",
    "key_set_unavailable",
    { keys: Array.from({ length: 101 }, (_, at) => ({ kty: "RSA", kid: `${at}` })) },
  ],
];

const TOKENS: Case[] = [
  ["no ID token", "tokens_missing", { idToken: () => undefined }],
  ["an ID token that is none", "tokens_missing", { idToken: () => ({ sub: "upstream-1" }) }],
  ["no access token", "tokens_missing", { tokens: { access_token: undefined } }],
  ["an unknown kind of access token", "answer_malformed", { tokens: { token_type: "mac" } }],
  [
    "a refusal of the code",
    "code_refused",
    { tokenEndpoint: (_, response) => response.writeHead(400).end('{"error":"invalid_grant"}') },
  ],
  [
    "a fault of its own",
    "code_refused",
    { tokenEndpoint: (_, response) => response.writeHead(500).end("oops") },
  ],
  [
    "a way elsewhere",
    "token_endpoint_unavailable",
    { tokenEndpoint: (_, response) => response.writeHead(307, { location: "/keys" }).end() },
  ],
  ["a page", "tokens_missing", { tokenEndpoint: (_, response) => response.end("<html>") }],
  [
    "more than anybody reads",
    "token_endpoint_unavailable",
    { tokenEndpoint: (_, response) => response.end(" ".repeat(600_000)) },
  ],
  ["a broken line", "token_endpoint_unavailable", { tokenEndpoint: (_, response) => response.destroy() }],
];

const USERINFO: Case[] = [
  ["somebody else", "userinfo_subject", { userinfo: { sub: "upstream-2" } }],
  ["nobody", "userinfo_subject", { userinfo: { sub: undefined } }],
  ["a refusal", "userinfo_unavailable", { userinfoEndpoint: (_, response) => response.writeHead(401).end() }],
  [
    "what is no JSON",
    "userinfo_unavailable",
    { userinfoEndpoint: (_, response) => response.end("eyJhbGciOiJub25lIn0.e30.") },
  ],
  ["a list", "userinfo_unavailable", { userinfoEndpoint: (_, response) => response.end("[]") }],
];

const ANSWERS: Case[] = [
  ["no code", "answer_malformed", { answer: { code: undefined } }],
  ["two codes", "answer_repeated", { answer: { code: ["one", "two"] } }],
  ["another issuer (mix-up)", "answer_issuer", { answer: { iss: "https://other.example" } }],
  ["two issuers", "answer_repeated", { answer: { iss: ["https://a.example", "https://b.example"] } }],
  ["no issuer, though it says that it names it", "answer_issuer_missing", { answer: { iss: undefined } }],
  [
    "another issuer, though it does not say that it names it",
    "answer_issuer",
    { answer: { iss: "https://other.example" } },
    { issInAnswers: false },
  ],
  ["a code that nobody gave", "code_refused", { answer: { code: "invented" } }],
  ["an ID token in the address", "answer_malformed", { answer: { id_token: "a.b.c" } }],
  ["a signed answer", "answer_malformed", { answer: { response: "a.b.c" } }],
  ["that it was cancelled", "cancelled", { answer: { code: undefined, error: "access_denied" } }],
  ["an error of its own", "provider_error", { answer: { code: undefined, error: "server_error" } }],
];

describe.each([
  ["an ID token with", CLAIMS],
  ["an ID token with", SIGNATURES],
  ["a key set with", KEYS],
  ["a token endpoint that gives", TOKENS],
  ["a userinfo endpoint that gives", USERINFO],
  ["an answer with", ANSWERS],
] as const)("%s", (_, cases) => {
  test.each(cases)("%s signs nobody in, and the audit log says %s (SEC65, done-when 3)", async (...given) => {
    const [, reason, faults, settings] = given as Case;
    const connection = await aConnection({}, settings);
    connection.provider.faults = atIssuer(faults, connection.provider);
    expect(await refusalOf(connection)).toBe(reason);
  });
});

test("a provider that does all of it right signs somebody in: the cases above fail by their fault alone", async () => {
  expect(await refusalOf(await aConnection())).toBe("signed_in");
  expect(await refusalOf(await aConnection({ answer: { iss: undefined } }, { issInAnswers: false }))).toBe(
    "signed_in",
  );
  expect(await refusalOf(await aConnection({ claims: { aud: ["portal", "another"], azp: "portal" } }))).toBe(
    "signed_in",
  );
  expect(await refusalOf(await aConnection({ header: { typ: undefined, kid: undefined } }))).toBe(
    "signed_in",
  );
  expect(await refusalOf(await aConnection({ claims: { iat: NOW() + 20, nbf: NOW() + 20 } }))).toBe(
    "signed_in",
  );
});

test("no secret, code or token of a refused sign-in is in the log of the firm", async () => {
  const connection = await aConnection({ claims: { iss: "https://other.example" } });
  await refusalOf(connection);
  const told = JSON.stringify(await auditOf(connection.tenant));
  for (const secret of [connection.provider.clientSecret, "eyJ", "other.example"])
    expect(told).not.toContain(secret);
});

/** `ISSUER` in a claim is the provider's own. */
function atIssuer(faults: Faults, { issuer }: OidcProvider): Faults {
  if (!faults.claims) return faults;
  const text = JSON.stringify(faults.claims, (_, value) => (value === undefined ? "TAKEN AWAY" : value));
  const claims = JSON.parse(text.replaceAll("ISSUER", issuer));
  for (const [name, value] of Object.entries(claims)) if (value === "TAKEN AWAY") claims[name] = undefined;
  return { ...faults, claims };
}

async function byStranger(claims: Record<string, unknown>, kid?: string, as?: "jwk"): Promise<string> {
  const stranger = await aKey("stranger");
  return signed(claims, { kid, typ: "JWT", ...(as && { jwk: stranger.jwk }) }, stranger);
}

function changed(token: string): string {
  const at = token.length - 20;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

function withClaims(token: string, claims: unknown): string {
  const [header, , signature] = token.split(".");
  return `${header}.${base64(claims)}.${signature}`;
}

async function importPublic(jwk: object): Promise<CryptoKey> {
  return (await importJWK(jwk, "RS256", { extractable: true })) as CryptoKey;
}
