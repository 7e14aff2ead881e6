import { beforeAll, describe, expect, test } from "vitest";
import { bareCertificate, readCertificate } from "#lib/auth/sso/saml/certificates.ts";
import { makeOwnKey } from "#lib/auth/sso/saml/own-key.ts";
import { isProviderUrl, readMetadata } from "#lib/auth/sso/saml/read-metadata.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { DomainError } from "#lib/core/errors.ts";
import { changeSettings } from "#tests/support/settings.ts";

const NOW = new Date("2026-11-28T12:00:00Z");

let current: string;
let next: string;
let old: string;

beforeAll(async () => {
  const made = await Promise.all([
    makeOwnKey(NOW, "A provider"),
    makeOwnKey(NOW, "A provider"),
    makeOwnKey(after(NOW, -4000 * DAY), "A provider"),
  ]);
  [current, next, old] = made.map(({ certificate }) => bareCertificate(certificate)) as [
    string,
    string,
    string,
  ];
});

const key = (certificate: string, use = ' use="signing"') =>
  `<md:KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${certificate}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-";
const service = (name: string, binding: string, location: string) =>
  `<md:${name} Binding="${BINDING}${binding}" Location="${location}"/>`;
const SIGN_ON = service("SingleSignOnService", "Redirect", "https://idp.example/sso?a=1&amp;b=2");

type Wanted = { keys?: string; services?: string; more?: string; attributes?: string };

function metadata({ keys = key(current), services = SIGN_ON, more = "", attributes = "" }: Wanted = {}) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
  entityID="https://idp.example/metadata"${attributes}>
  <!-- Written by the provider's own people. -->
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    ${keys}${more}${services}
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;
}

function sentenceFor(pasted: string): string | undefined {
  try {
    readMetadata(pasted, NOW);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.fieldErrors.metadata?.[0];
  }
}

describe("a provider's metadata", () => {
  test("gives what a connection needs of it", () => {
    const logout = service("SingleLogoutService", "Redirect", "https://idp.example/slo");
    const read = readMetadata(metadata({ services: SIGN_ON + logout }), NOW);
    expect(read).toMatchObject({
      entityId: "https://idp.example/metadata",
      ssoUrl: "https://idp.example/sso?a=1&b=2",
      ssoBinding: "redirect",
      sloUrl: "https://idp.example/slo",
      nameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    });
    expect(read.certificates.map((pem) => readCertificate(pem)?.isWeak)).toEqual([false]);
  });

  test("may stand in a list, whose other entities are no identity providers", () => {
    const list = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">
      <md:EntityDescriptor entityID="https://sp.example"/>${metadata().replace(/^<\?.*\?>\n/, "")}</md:EntitiesDescriptor>`;
    expect(readMetadata(list, NOW).entityId).toBe("https://idp.example/metadata");
  });

  test("with two certificates gives both, each once, and none that has run out (SEC81)", () => {
    const keys = key(current) + key(next, "") + key(current) + key(old) + key(next, ' use="encryption"');
    const { certificates } = readMetadata(metadata({ keys }), NOW);
    expect(certificates.map(bareCertificate)).toEqual([current, next]);
  });

  test("leads to the form where there is no address to redirect to", () => {
    const services = service("SingleSignOnService", "POST", "https://idp.example/sso");
    expect(readMetadata(metadata({ services }), NOW).ssoBinding).toBe("post");
  });

  test("never chooses a name that is made up at each sign-in", () => {
    const format = (name: string) => `<md:NameIDFormat>urn:oasis:names:tc:SAML:${name}</md:NameIDFormat>`;
    const transient = format("2.0:nameid-format:transient");
    expect(readMetadata(metadata({ more: transient }), NOW).nameIdFormat).toMatch(/unspecified$/);
    const persistent = transient + format("2.0:nameid-format:persistent");
    expect(readMetadata(metadata({ more: persistent }), NOW).nameIdFormat).toMatch(/persistent$/);
  });
});

describe("metadata is refused, with what is wrong about it,", () => {
  const swapped = (from: string | RegExp, to: string) => metadata().replace(from, to);
  test.each([
    ["that is none", () => "hello", "It is not XML that can be read."],
    ["with a document type", () => `<!DOCTYPE x>${metadata().slice(39)}`, "document type"],
    ["with an entity", () => swapped("https://idp.example/metadata", "&x;"), "entities"],
    ["longer than 256 KiB", () => metadata({ more: " ".repeat(300_000) }), "256 KiB"],
    ["of a service provider", () => metadata().replaceAll("IDPSSO", "SPSSO"), "no SAML identity provider"],
    ["of SAML 1.1 alone", () => swapped("SAML:2.0:protocol", "SAML:1.1:protocol"), "SAML 2.0"],
    ["without a name", () => swapped(/entityID="[^"]*"/, ""), "entityID"],
    ["without an address", () => metadata({ services: "" }), "no address"],
    ["with an address of http", () => swapped("https://idp.example/sso", "http://idp.example/sso"), "https"],
    ["with one of this machine", () => swapped("https://idp.example/sso", "http://localhost/sso"), "https"],
    ["with an address of javascript", () => swapped("https://idp.example/sso", "javascript:x"), "https"],
    ["without a certificate", () => metadata({ keys: "" }), "no certificate"],
    ["with certificates that have run out", () => metadata({ keys: key(old) }), "run out"],
    ["with what is no certificate", () => metadata({ keys: key("AAAA") }), "cannot be read"],
    ["that has run out", () => metadata({ attributes: ' validUntil="2026-11-28T11:59:59Z"' }), "run out"],
    [
      "with two providers",
      () =>
        `<a xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${`<md:EntityDescriptor entityID="x"><md:IDPSSODescriptor/></md:EntityDescriptor>`.repeat(2)}</a>`,
      "several",
    ],
  ])("%s (SEC74, SEC81)", (_, pasted, sentence) => {
    expect(sentenceFor(pasted())).toContain(sentence);
  });
});

test("a provider of the demo is at an address of http, while there is a demo (DEC18)", () => {
  changeSettings({ PORTAL_DEMO: "1", PORTAL_DEMO_ISSUERS: "http://127.0.0.1:4000" });
  try {
    expect(isProviderUrl("http://127.0.0.1:4000/sso")).toBe(true);
    expect(isProviderUrl("http://127.0.0.1:4001/sso")).toBe(false);
  } finally {
    changeSettings({ PORTAL_DEMO: undefined, PORTAL_DEMO_ISSUERS: undefined });
  }
  expect(isProviderUrl("http://127.0.0.1:4000/sso")).toBe(false);
});
