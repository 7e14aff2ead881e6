import type { JWTPayload } from "jose";
import * as z from "zod";
import type { Configured, OidcSettings } from "#lib/auth/sso/configuration.ts";
import type { UpstreamIdentity } from "#lib/auth/sso/upstream-identity.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import { safeFetch } from "#lib/core/safe-fetch.ts";
import { isStrongAnswer } from "./is-strong.ts";
import { OidcTrouble, unavailable } from "./oidc-trouble.ts";
import { isPlainText, lacksClaims, readClaims } from "./read-claims.ts";
import { verifyToken } from "./verify-token.ts";

/** A token that is handed over for a code has just been made. */
const OLDEST_SECONDS = (10 * MINUTE) / SECOND;
const LONGEST_SUBJECT = 255;

const Tokens = z.object({ id_token: z.string(), access_token: z.string() });

/**
 * Whom the answer of the token endpoint is about, once its ID token has been verified. The nonce is Auth.js's to compare,
 * which holds it, before anything comes of this.
 * @throws OidcTrouble
 */
export async function readAnswer(
  configured: Configured,
  settings: OidcSettings,
  now: Date,
  answer: Response,
): Promise<UpstreamIdentity> {
  const tokens = await tokensOf(answer);
  const claims = await verifyToken(configured, settings, now, {
    name: "id_token",
    token: tokens.id_token,
    // A token for something else, such as a logout, is not one for a sign-in.
    types: [undefined, "jwt"],
    required: ["sub", "iat", "exp"],
    oldestSeconds: OLDEST_SECONDS,
  });
  const subject = subjectOf(claims, "id_token");
  const more = lacksClaims(settings.claims, claims)
    ? await userinfo(settings, tokens.access_token, subject)
    : {};
  return {
    connectionId: configured.connection.id,
    configurationId: configured.configuration.id,
    subject,
    claims: readClaims(settings.claims, together(claims, more)),
    strong: isStrongAnswer(claims),
    // Found by an index, whose rows are of bytes.
    ...(isPlainText(claims.sid, 1024) &&
      Buffer.byteLength(claims.sid) <= 1024 && { providerSession: claims.sid }),
  };
}

/** What the provider says in the place of tokens is not repeated: it may say anything. */
async function tokensOf(answer: Response) {
  if (answer.status !== 200) throw new OidcTrouble("code_refused", { why: `status_${answer.status}` });
  const { data } = Tokens.safeParse(await answer.json().catch(() => undefined));
  if (!data) throw new OidcTrouble("tokens_missing");
  return data;
}

function subjectOf({ sub }: JWTPayload, name: string): string {
  if (!isPlainText(sub, LONGEST_SUBJECT)) throw new OidcTrouble(`${name}_subject`);
  return sub;
}

/** The ID token counts first. Whether an address is verified is said by whoever has said the address. */
function together(claims: Claims, { email_verified, ...more }: Claims): Claims {
  return { ...more, ...(claims.email === undefined && { email_verified }), ...claims };
}

type Claims = Record<string, unknown>;

/** What the ID token lacks. It must be about the same person: the access token may be another one's. */
async function userinfo(
  { userinfoEndpoint }: OidcSettings,
  accessToken: string,
  subject: string,
): Promise<Claims> {
  if (!userinfoEndpoint) return {};
  const claims = await fetchUserinfo(userinfoEndpoint, accessToken);
  if (claims.sub !== subject) throw new OidcTrouble("userinfo_subject");
  return claims;
}

async function fetchUserinfo(address: string, accessToken: string): Promise<Claims> {
  try {
    const headers = { authorization: `Bearer ${accessToken}`, accept: "application/json" };
    const answer = await safeFetch(address, { headers });
    if (answer.status !== 200)
      throw new OidcTrouble("userinfo_unavailable", { why: `status_${answer.status}` });
    return z.record(z.string(), z.unknown()).parse(await answer.json());
  } catch (error) {
    throw unavailable("userinfo", error);
  }
}
