import { invalid } from "#lib/core/errors.ts";
import { isOfDemo } from "#lib/core/safe-fetch.ts";
import type { SamlSettings } from "../configuration.ts";
import { bareCertificate, pemCertificate, readCertificate } from "./certificates.ts";
import { allBelow, attributeOf, childrenNamed, isNamed, textOf } from "./elements.ts";
import { DS, MD, POST, REDIRECT, SAMLP, TRANSIENT } from "./names.ts";
import { readXml } from "./read-xml.ts";
import { SamlRefusal } from "./refusal.ts";

/** What a provider's metadata says of it: the part of a connection's settings that nobody has to type. */
export type ProviderMetadata = Pick<
  SamlSettings,
  "entityId" | "ssoUrl" | "ssoBinding" | "sloUrl" | "certificates" | "nameIdFormat"
>;

/**
 * Reads the metadata that an administrator has pasted, under the same rules as an answer (SEC74, SEC81). Only comments pass,
 * which people write into such files. Throws invalid beside the field `metadata`, and says what is missing.
 */
export function readMetadata(pasted: string, now: Date): ProviderMetadata {
  const entity = entityIn(rootOf(pasted), now);
  const provider = providerIn(entity);
  const entityId = attributeOf(entity, "entityID")?.trim();
  if (!entityId || entityId.length > 1024) throw unusable("It names no entityID.");
  return {
    entityId,
    ...signOnOf(provider),
    ...logoutOf(provider),
    certificates: certificatesOf(provider, now),
    nameIdFormat: nameIdFormatOf(provider),
  };
}

function rootOf(pasted: string): Element {
  try {
    return readXml(withoutComments(pasted.trim())).root;
  } catch (error) {
    if (!(error instanceof SamlRefusal)) throw error;
    throw unusable(SENTENCES[error.reason] ?? "It is not XML that can be read.");
  }
}

/** By no pattern: one would look for the end of each comment that has none to the end of the text. */
function withoutComments(text: string): string {
  let kept = "";
  let at = 0;
  for (let next = text.indexOf("<!--"); next >= 0; next = text.indexOf("<!--", at)) {
    const end = text.indexOf("-->", next + 4);
    if (end < 0) break;
    kept += text.slice(at, next);
    at = end + 3;
  }
  return kept + text.slice(at);
}

const SENTENCES: Partial<Record<SamlRefusal["reason"], string>> = {
  too_large: "It is longer than 256 KiB. Paste the part about your identity provider only.",
  too_many: "It has more parts than any provider's needs. Paste the part about your identity provider only.",
  doctype: "It has a document type, which metadata never needs.",
  entity: "It refers to entities, which metadata never needs.",
};

/** The one entity that is an identity provider, alone or in a list. */
function entityIn(root: Element, now: Date): Element {
  const entities = [root, ...allBelow(root)].filter((element) => isNamed(element, MD, "EntityDescriptor"));
  const providers = entities.filter((entity) => childrenNamed(entity, MD, "IDPSSODescriptor").length > 0);
  const [entity, second] = providers;
  if (!entity) throw unusable("It describes no SAML identity provider.");
  if (second) throw unusable("It describes several identity providers. Paste the part about yours only.");
  for (const element of [root, entity]) {
    const until = attributeOf(element, "validUntil");
    if (until !== undefined && !(new Date(until) > now))
      throw unusable("It has run out. Ask your provider for a new one.");
  }
  return entity;
}

function providerIn(entity: Element): Element {
  const provider = childrenNamed(entity, MD, "IDPSSODescriptor").find((descriptor) =>
    (attributeOf(descriptor, "protocolSupportEnumeration") ?? "").split(/\s+/).includes(SAMLP),
  );
  if (!provider) throw unusable("Its identity provider does not speak SAML 2.0.");
  return provider;
}

/** Where requests go: by an address where that is possible, else by a form. */
function signOnOf(provider: Element): Pick<SamlSettings, "ssoUrl" | "ssoBinding"> {
  const redirect = locationOf(provider, "SingleSignOnService", REDIRECT);
  const ssoUrl = redirect ?? locationOf(provider, "SingleSignOnService", POST);
  if (ssoUrl === undefined) throw unusable("It names no address to sign in at by redirect or form.");
  return { ssoUrl, ssoBinding: redirect === undefined ? "post" : "redirect" };
}

function logoutOf(provider: Element): Pick<SamlSettings, "sloUrl"> {
  const sloUrl = locationOf(provider, "SingleLogoutService", REDIRECT);
  return sloUrl === undefined ? {} : { sloUrl };
}

function locationOf(provider: Element, service: string, binding: string): string | undefined {
  const locations = childrenNamed(provider, MD, service)
    .filter((element) => attributeOf(element, "Binding") === binding)
    .map((element) => attributeOf(element, "Location")?.trim() ?? "");
  const [location] = locations;
  if (location === undefined) return undefined;
  if (!isProviderUrl(location)) throw unusable(`Its address is not one that begins with https: ${location}`);
  return location;
}

/** Browsers are sent there: by https, or to a provider of the demo. */
export function isProviderUrl(text: string): boolean {
  if (!URL.canParse(text) || text.length > 2000) return false;
  const url = new URL(text);
  return url.protocol === "https:" || isOfDemo(url);
}

/** What it signs with. One that has run out is left out, where another has not. */
function certificatesOf(provider: Element, now: Date): string[] {
  const found = new Map<string, { pem: string; validTo: Date }>();
  for (const pem of signingCertificates(provider)) {
    const certificate = readCertificate(pem);
    if (!certificate) throw unusable("One of its certificates cannot be read.");
    if (certificate.isWeak)
      throw unusable("One of its certificates has a key that is too weak to be trusted.");
    found.set(certificate.fingerprint, { pem, validTo: certificate.validTo });
  }
  const current = [...found.values()].filter(({ validTo }) => validTo > now);
  if (found.size === 0) throw unusable("It names no certificate that answers are signed with.");
  if (current.length === 0) throw unusable("Its certificates have run out.");
  if (current.length > 4) throw unusable("It names more than four certificates.");
  return current.map(({ pem }) => pem);
}

function signingCertificates(provider: Element): string[] {
  return childrenNamed(provider, MD, "KeyDescriptor")
    .filter((descriptor) => (attributeOf(descriptor, "use") ?? "signing") === "signing")
    .flatMap(allBelow)
    .filter((element) => isNamed(element, DS, "X509Certificate"))
    .map((element) => pemCertificate(bareCertificate(textOf(element, "malformed"))));
}

const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/** A name that stays the same person's, where the provider has one; never one that is made up at each sign-in. */
function nameIdFormatOf(provider: Element): string {
  const formats = childrenNamed(provider, MD, "NameIDFormat").map((element) =>
    textOf(element, "malformed").trim(),
  );
  if (formats.includes(PERSISTENT)) return PERSISTENT;
  if (formats.includes(UNSPECIFIED)) return UNSPECIFIED;
  return formats.find((format) => format !== TRANSIENT && format.length <= 200) ?? UNSPECIFIED;
}

function unusable(sentence: string) {
  return invalid({ metadata: [sentence] }, "This metadata cannot be used.");
}
