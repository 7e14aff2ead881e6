import { verify } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import type { Configured } from "#lib/auth/sso/configuration.ts";
import { findProviderSession } from "#lib/auth/sso/provider-sessions.ts";
import { acceptSamlAnswer } from "#lib/auth/sso/saml/accept-saml-answer.ts";
import { serviceProvider } from "#lib/auth/sso/saml/service-provider.ts";
import { startSamlLogout } from "#lib/auth/sso/saml/start-saml-logout.ts";
import { takeSamlLogout } from "#lib/auth/sso/saml/take-saml-logout.ts";
import type { LogoutMessage } from "#lib/auth/sso/saml/verify-logout.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { swap } from "#tests/support/forged-answers.ts";
import { aSamlConnection, leftFor, linkTo } from "#tests/support/saml-connection.ts";
import {
  aSamlProvider,
  logoutXml,
  newId,
  posted,
  type SamlProvider,
  samlAnswer,
  samlKey,
  signedQuery,
  signedWithin,
} from "#tests/support/saml-provider.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

let tenant: Tenant;
let provider: SamlProvider;
let configured: Configured;
let destination: string;
let member: Member;
let other: Member;

beforeEach(async () => {
  tenant = await aTenant();
  provider = await aSamlProvider();
  configured = await aSamlConnection(tenant, provider, { settings: { sloUrl: "https://idp.example/slo" } });
  destination = serviceProvider(tenant, configured.connection.id).logoutUrl;
  member = await aMember(tenant, { group: "regular" });
  other = await aMember(tenant, { group: "regular" });
  await linkTo(tenant, configured, member, "upstream-1");
  await linkTo(tenant, configured, other, "upstream-2");
});

type SignedIn = { session: StartedSession; index: string };

async function signIn(subject = "upstream-1"): Promise<SignedIn> {
  const index = newId();
  const visit = await leftFor(tenant, configured, provider);
  const xml = await samlAnswer(visit, {
    subject,
    assertion: (assertion) => swap(assertion, /(?<=SessionIndex=")[^"]*/, index),
  });
  const outcome = await acceptSamlAnswer(visitorOf(tenant), {
    ...{ connectionId: configured.connection.id, samlResponse: posted(xml) },
    ...{ relayState: visit.relayState, flowToken: visit.token },
  });
  if (!("session" in outcome)) throw new Error(`The sign-in was refused: ${JSON.stringify(outcome)}`);
  return { session: outcome.session, index };
}

const take = (message: LogoutMessage, relayState?: string) =>
  takeSamlLogout(visitorOf(tenant), configured.connection.id, message, relayState);

type About = Partial<Parameters<typeof logoutXml>[1]>;

const request = (about: About = {}, now = new Date()) =>
  logoutXml({ provider, now }, { destination, ...about });

const inMinutes = (minutes: number) => after(new Date(), minutes * MINUTE);

const inForm = (xml: string): LogoutMessage => ({ posted: posted(xml) });
const inAddress = (search: string): LogoutMessage => ({ search, name: "SAMLRequest" });

describe("a provider's logout ends at once what came from there (G9, SEC80):", () => {
  test.each<[string, (xml: string) => LogoutMessage]>([
    ["in a form", (xml) => inForm(signedWithin(xml, provider))],
    ["in the address", (xml) => inAddress(signedQuery(xml, provider))],
  ])("%s, one session by its index, and nobody else's", async (_, send) => {
    const [first, second, theirs] = [await signIn(), await signIn(), await signIn("upstream-2")];
    expect(await take(send(request({ sessions: [first.index] })))).toMatchObject({ outcome: "done" });

    expect(await worthOf(tenant, first.session)).toBe("revoked");
    expect(await worthOf(tenant, second.session)).toBe("full");
    expect(await worthOf(tenant, theirs.session)).toBe("full");
  });

  test("without an index, all of that person", async () => {
    const [first, second, theirs] = [await signIn(), await signIn(), await signIn("upstream-2")];
    expect(await take(inForm(signedWithin(request(), provider)))).toMatchObject({ outcome: "done" });
    for (const { session } of [first, second]) expect(await worthOf(tenant, session)).toBe("revoked");
    expect(await worthOf(tenant, theirs.session)).toBe("full");
  });

  test("and is answered, signed by us, with its state", async () => {
    const xml = request();
    const taken = await take(inAddress(signedQuery(xml, provider, "their state")), "their state");
    const location = new URL("location" in taken ? (taken.location ?? "") : "");
    expect(location.origin + location.pathname).toBe("https://idp.example/slo");
    expect(location.searchParams.get("RelayState")).toBe("their state");
    expect(await isOurs(location.search)).toBe(true);
    const answer = inflated(location.searchParams.get("SAMLResponse"));
    expect(answer).toContain(`InResponseTo="${/ ID="([^"]*)"/.exec(xml)?.[1]}"`);
    expect(answer).toContain("status:Success");
  });
});

describe("a logout is refused, ends nothing, and says why in the audit log:", () => {
  const evil = (xml: string) =>
    swap(xml, "upstream-2", "upstream-1").replace(/ ID="[^"]*"/, ` ID="${newId()}"`);
  const harmless = () => signedWithin(request({ subject: "upstream-2" }), provider);
  const signatureIn = (xml: string) => /<ds:Signature .*<\/ds:Signature>/.exec(xml)?.[0] ?? "";
  const unsigned = (xml: string) => xml.replace(/<ds:Signature .*<\/ds:Signature>/, "");
  const put = (xml: string, inner: string) => swap(xml, "</saml:Issuer>", `</saml:Issuer>${inner}`);

  test.each<[string, string, () => LogoutMessage | Promise<LogoutMessage>]>([
    ["unsigned, in a form", "unsigned", () => inForm(request())],
    [
      "unsigned, in the address",
      "unsigned",
      () => inAddress(signedQuery(request(), provider).replace(/&SigAlg.*/, "")),
    ],
    [
      "signed by somebody else",
      "unknown_signature",
      async () => inForm(signedWithin(request(), { ...provider, ...(await samlKey("stranger")) })),
    ],
    [
      "signed by somebody else, in the address",
      "unknown_signature",
      async () => inAddress(signedQuery(request(), { ...provider, ...(await samlKey("stranger")) })),
    ],
    [
      "signed by SHA-1",
      "signature_algorithm",
      () =>
        inForm(
          signedWithin(request(), provider, { algorithm: "http://www.w3.org/2000/09/xmldsig#rsa-sha1" }),
        ),
    ],
    [
      "signed by SHA-1, in the address",
      "signature_algorithm",
      () =>
        inAddress(signedQuery(request(), provider, undefined, "http://www.w3.org/2000/09/xmldsig#rsa-sha1")),
    ],
    [
      "with another name in it",
      "digest_mismatch",
      () => inForm(swap(harmless(), "upstream-2", "upstream-1")),
    ],
    [
      "with another message in the address",
      "unknown_signature",
      () =>
        inAddress(
          signedQuery(request({ subject: "upstream-2" }), provider).replace(
            /SAMLRequest=[^&]*/,
            /SAMLRequest=[^&]*/.exec(signedQuery(request(), provider))?.[0] ?? "",
          ),
        ),
    ],
    [
      "with another state in the address",
      "unknown_signature",
      () => inAddress(signedQuery(request(), provider, "a").replace("RelayState=a", "RelayState=b")),
    ],
    [
      "with a message twice in the address",
      "malformed",
      () => inAddress(`${signedQuery(request(), provider)}&SAMLRequest=x`),
    ],
    [
      "wrapped: a signed one within it (samlify #634)",
      "misplaced_response",
      () => inForm(put(evil(unsigned(harmless())), `<samlp:Extensions>${harmless()}</samlp:Extensions>`)),
    ],
    [
      "wrapped: a signed one in its signature",
      "misplaced_response",
      () => {
        const signed = harmless();
        return inForm(
          put(
            evil(unsigned(signed)),
            signatureIn(signed).replace(
              "</ds:Signature>",
              `<ds:Object>${unsigned(signed)}</ds:Object></ds:Signature>`,
            ),
          ),
        );
      },
    ],
    [
      "wrapped: with the signature of another",
      "foreign_reference",
      () => {
        const signed = harmless();
        return inForm(put(evil(unsigned(signed)), signatureIn(signed)));
      },
    ],
    [
      "wrapped: with the id of another",
      "digest_mismatch",
      () => {
        const signed = harmless();
        const id = / ID="[^"]*"/.exec(signed)?.[0] ?? "";
        return inForm(put(evil(unsigned(signed)).replace(/ ID="[^"]*"/, id), signatureIn(signed)));
      },
    ],
    [
      "with a comment in the name",
      "comment",
      () => inForm(swap(signedWithin(request(), provider), "upstream-1", "upstream-1<!-- -->")),
    ],
    ["with a document type", "doctype", () => inForm(`<!DOCTYPE x>${signedWithin(request(), provider)}`)],
    [
      "from another provider",
      "wrong_issuer",
      () => inForm(signedWithin(swap(request(), provider.entityId, "https://other.example"), provider)),
    ],
    [
      "for another address",
      "wrong_destination",
      () => inForm(signedWithin(request({ destination: "https://other.example/logout" }), provider)),
    ],
    [
      "without an address",
      "wrong_destination",
      () => inForm(signedWithin(request().replace(/ Destination="[^"]*"/, ""), provider)),
    ],
    ["of six minutes ago", "expired", () => inForm(signedWithin(request({}, inMinutes(-6)), provider))],
    ["of a time to come", "not_yet_valid", () => inForm(signedWithin(request({}, inMinutes(6)), provider))],
    [
      "that names nobody",
      "no_name_id",
      () => inForm(signedWithin(request().replace(/<saml:NameID>.*<\/saml:NameID>/, ""), provider)),
    ],
    [
      "of another version",
      "version",
      () => inForm(signedWithin(swap(request(), 'Version="2.0"', 'Version="1.1"'), provider)),
    ],
    [
      "that is something else",
      "wrong_root",
      () => inForm(swap(request(), /samlp:LogoutRequest/g, "samlp:AuthnRequest")),
    ],
    [
      "that is an answer with an unsigned one",
      "unsigned",
      () => inForm(logoutXml({ provider, now: new Date() }, { name: "LogoutResponse", destination })),
    ],
    [
      "that unfolds without an end",
      "too_large",
      () => inAddress(signedQuery(`<!-- LogoutRequest -->${" ".repeat(2_000_000)}`, provider)),
    ],
    ["that is not deflated", "not_deflated", async () => inAddress(await signedText("not deflated"))],
  ])("%s", async (_, reason, make) => {
    const { session } = await signIn();
    expect(await take(await make())).toEqual({ outcome: "refused", reason });
    expect(await worthOf(tenant, session)).toBe("full");
    expect(await lastEvent()).toEqual({ event: "sso.logout.refused", reason });
  });

  test("brought a second time", async () => {
    const message = inForm(signedWithin(request(), provider));
    expect(await take(message)).toMatchObject({ outcome: "done" });
    const { session } = await signIn();
    expect(await take(message)).toEqual({ outcome: "refused", reason: "replayed" });
    expect(await worthOf(tenant, session)).toBe("full");
  });

  test("for another firm's connection, which is not found", async () => {
    const visitor = visitorOf(await aTenant());
    const message = inForm(signedWithin(request(), provider));
    await expect(takeSamlLogout(visitor, configured.connection.id, message)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  async function signedText(text: string): Promise<string> {
    const { createSign } = await import("node:crypto");
    const algorithm = encodeURIComponent("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
    const covered = `SAMLRequest=${encodeURIComponent(Buffer.from(text).toString("base64"))}&SigAlg=${algorithm}`;
    const signature = createSign("sha256").update(covered).sign(provider.key, "base64");
    return `?${covered}&Signature=${encodeURIComponent(signature)}`;
  }

  async function lastEvent() {
    const [event] = await owner()`
      select event, reason from audit_events where tenant_id = ${tenant.id} order by created_at desc limit 1`;
    return event && { event: event.event, reason: event.reason };
  }
});

describe("whoever signs out here", () => {
  test("goes on to the provider with a signed request that names the session there (G9)", async () => {
    const { session, index } = await signIn();
    const came = await withTenant(tenant.id, (db) => findProviderSession(db, session.sessionId));
    if (!came) throw new Error("Nobody knows where the session came from.");
    const location = new URL((await startSamlLogout(visitorOf(tenant), came)) ?? "");
    expect(location.origin + location.pathname).toBe("https://idp.example/slo");
    expect(await isOurs(location.search)).toBe(true);
    const sent = inflated(location.searchParams.get("SAMLRequest"));
    expect(sent).toContain(">upstream-1</saml:NameID>");
    expect(sent).toContain('Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"');
    expect(sent).toContain(`>${index}</saml2p:SessionIndex>`);
    expect(sent).toContain('Destination="https://idp.example/slo"');
  });

  test("stays here where the provider offers no logout", async () => {
    const plain = await aSamlConnection(tenant, provider);
    const session = { connectionId: plain.connection.id, subject: "upstream-1" } as never;
    expect(await startSamlLogout(visitorOf(tenant), { session, configured: plain })).toBeUndefined();
  });

  test("is back when the provider's answer is signed", async () => {
    const xml = logoutXml({ provider, now: new Date() }, { name: "LogoutResponse", destination });
    expect(await take({ search: signedQuery(xml, provider), name: "SAMLResponse" })).toEqual({
      outcome: "done",
    });
  });
});

function inflated(base64: string | null): string {
  return inflateRawSync(Buffer.from(base64 ?? "", "base64")).toString("utf8");
}

/** Whether the address bears our own signature. */
async function isOurs(search: string): Promise<boolean> {
  const own = await samlKey("our own");
  const [covered = "", signature = ""] = search.slice(1).split("&Signature=");
  return verify(
    "sha256",
    Buffer.from(covered),
    own.certificate,
    Buffer.from(decodeURIComponent(signature), "base64"),
  );
}
