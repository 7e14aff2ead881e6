import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { CompactSign, exportJWK, generateKeyPair, type JWK } from "jose";
import { aLoopbackServer } from "./loopback-server.ts";

type Claims = Record<string, unknown>;
type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;
type KeyPair = Awaited<ReturnType<typeof aKey>>;

/** What the provider does otherwise than it should. Whatever is not named here it does right. */
export type Faults = {
  /** Over the ID token's claims; undefined takes one away. */
  claims?: Claims;
  header?: Claims;
  /** The token as it is sent, made of what would have been sent. */
  idToken?: (made: { claims: Claims; header: Claims; token: string; key: KeyPair }) => unknown;
  signedBy?: KeyPair;
  tokens?: Claims;
  tokenEndpoint?: Answer;
  keys?: JWK[];
  keySet?: Answer;
  userinfo?: Claims;
  userinfoEndpoint?: Answer;
  /** Over the parameters that the browser brings back. */
  answer?: Record<string, string | string[] | undefined>;
  /** Codes count as often as they are sent. */
  codesAgain?: boolean;
};

export type OidcProvider = Awaited<ReturnType<typeof anOidcProvider>>;

/** Algorithms that keys are made for once in a process: an RSA key takes longer than a sign-in. */
const made = new Map<string, Promise<KeyPair>>();

export function aKey(kid = "key-1", alg = "RS256") {
  return generateKeyPair(alg, { extractable: true }).then(async ({ privateKey, publicKey }) => ({
    alg,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } as JWK,
  }));
}

function knownKey(): Promise<KeyPair> {
  const key = made.get("RS256") ?? aKey();
  made.set("RS256", key);
  return key;
}

/**
 * A provider of OpenID Connect that can be told to misbehave. It asks nobody for a password: `authorize` is what comes of
 * somebody who has signed in there.
 */
export async function anOidcProvider(faults: Faults = {}) {
  const key = await knownKey();
  const codes = new Map<string, { person: Claims; asked: URLSearchParams }>();
  const asked: string[] = [];
  const provider = {
    ...{ issuer: "", clientId: "portal", clientSecret: `secret ${randomUUID()}`, key, asked, faults },
    close: (): Promise<void> => Promise.resolve(),
    authorize,
  };
  const server = await aLoopbackServer((request, response, body) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.push(path);
    if (path === "/token") return token(request, response, body);
    if (path === "/keys") return provider.faults.keySet?.(request, response) ?? json(response, keySet());
    if (path === "/userinfo") return userinfo(request, response);
    return response.writeHead(404).end();
  });
  provider.issuer = server.origin;
  provider.close = server.close;

  /** The way back that the provider sends the browser on, after this person has signed in. */
  function authorize(location: string, person: Claims = { sub: "upstream-1" }): URL {
    const { searchParams } = new URL(location);
    const code = randomUUID();
    codes.set(code, { person, asked: searchParams });
    const back = new URL(searchParams.get("redirect_uri") ?? "");
    const parameters = {
      code,
      state: searchParams.get("state") ?? "",
      iss: provider.issuer,
      ...provider.faults.answer,
    };
    for (const [name, values] of Object.entries(parameters)) {
      for (const value of [values ?? []].flat()) back.searchParams.append(name, value);
    }
    return back;
  }

  async function token(request: IncomingMessage, response: ServerResponse, body: string) {
    const { tokenEndpoint, codesAgain, tokens } = provider.faults;
    if (tokenEndpoint) return tokenEndpoint(request, response);
    const sent = new URLSearchParams(body);
    const code = sent.get("code") ?? "";
    const authorized = codes.get(code);
    if (!codesAgain) codes.delete(code);
    if (!authorized || !isRight(request, sent, authorized.asked)) {
      response.statusCode = 400;
      return json(response, { error: "invalid_grant" });
    }
    const id_token = await idTokenFor(authorized.person, authorized.asked);
    return json(response, {
      access_token: JSON.stringify(authorized.person),
      token_type: "Bearer",
      id_token,
      ...tokens,
    });
  }

  function isRight({ headers }: IncomingMessage, sent: URLSearchParams, began: URLSearchParams): boolean {
    const secret =
      `${encodeURIComponent(provider.clientId)}:${encodeURIComponent(provider.clientSecret)}`.replaceAll(
        "%20",
        "+",
      );
    const challenge = createHash("sha256")
      .update(sent.get("code_verifier") ?? "")
      .digest("base64url");
    return (
      headers.authorization === `Basic ${Buffer.from(secret).toString("base64")}` &&
      began.get("code_challenge_method") === "S256" &&
      began.get("code_challenge") === challenge &&
      began.get("redirect_uri") === sent.get("redirect_uri")
    );
  }

  async function idTokenFor(person: Claims, began: URLSearchParams): Promise<unknown> {
    const { faults, issuer, clientId } = provider;
    const now = Math.floor(Date.now() / 1000);
    const { amr, acr, sid, sub, ...rest } = person;
    const inToken = faults.userinfo || faults.userinfoEndpoint ? {} : rest;
    const claims = {
      iss: issuer,
      aud: clientId,
      sub,
      amr,
      acr,
      sid,
      nonce: began.get("nonce"),
      iat: now,
      exp: now + 300,
      ...inToken,
      ...faults.claims,
    };
    const signer = faults.signedBy ?? key;
    const header = { alg: signer.alg, kid: signer.jwk.kid, typ: "JWT", ...faults.header };
    const right = await signed(claims, header, signer);
    return faults.idToken ? faults.idToken({ claims, header, token: right, key }) : right;
  }

  const keySet = () => ({ keys: provider.faults.keys ?? [key.jwk] });

  function userinfo(request: IncomingMessage, response: ServerResponse) {
    const { userinfo, userinfoEndpoint } = provider.faults;
    if (userinfoEndpoint) return userinfoEndpoint(request, response);
    const {
      sub,
      amr: _,
      acr: __,
      sid: ___,
      ...rest
    } = JSON.parse(request.headers.authorization?.slice(7) ?? "{}");
    return json(response, { sub, ...rest, ...userinfo });
  }

  return provider;
}

/** A token by this key, whatever it says. */
export function signed(claims: Claims, header: Claims, { alg, privateKey }: KeyPair): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  return new CompactSign(payload).setProtectedHeader({ ...header, alg }).sign(privateKey);
}

function json(response: ServerResponse, body: unknown) {
  return response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}
