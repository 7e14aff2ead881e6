import { createSign } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { SignedXml } from "xml-crypto";
import type { DemoProviderPerson } from "#db/seeds/demo-provider.ts";
import { bareCertificate } from "#lib/auth/sso/saml/certificates.ts";
import {
  BEARER,
  DS,
  ENVELOPED,
  EXCLUSIVE_C14N,
  MD,
  REDIRECT,
  SAML,
  SAMLP,
  SUCCESS,
} from "#lib/auth/sso/saml/names.ts";
import { newMessageId } from "#lib/auth/sso/saml/own-messages.ts";
import { after, MINUTE } from "#lib/core/clock.ts";
import { markupText } from "#lib/core/markup.ts";
import type { DemoSaml } from "./saml-provider.ts";

const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

export const demoEntityId = (origin: string) => `${origin}/saml/metadata`;

/** What an administrator pastes into the wizard. */
export function demoMetadata({ origin, key }: DemoSaml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${MD}" xmlns:ds="${DS}" entityID="${demoEntityId(origin)}">
  <md:IDPSSODescriptor protocolSupportEnumeration="${SAMLP}">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bareCertificate(key.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="${REDIRECT}" Location="${origin}/saml/slo"/>
    <md:NameIDFormat>${PERSISTENT}</md:NameIDFormat>
    <md:SingleSignOnService Binding="${REDIRECT}" Location="${origin}/saml/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`;
}

type Asked = { acsUrl: string; audience: string; requestId: string };

/** Who somebody is, signed. By this machine's clock, as a provider's is its own. */
export function demoSamlAnswer({ origin, key }: DemoSaml, person: DemoProviderPerson, asked: Asked): string {
  const now = new Date();
  const until = after(now, 5 * MINUTE).toISOString();
  const at = now.toISOString();
  const issuer = `<saml:Issuer>${demoEntityId(origin)}</saml:Issuer>`;
  const head = (id: string) => `ID="${id}" Version="2.0" IssueInstant="${at}"`;
  const { acsUrl, audience, requestId } = asked;
  const assertion = `<saml:Assertion xmlns:saml="${SAML}" ${head(newMessageId())}>${issuer}<saml:Subject><saml:NameID Format="${PERSISTENT}">${person.subject}</saml:NameID><saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData InResponseTo="${markupText(requestId)}" NotOnOrAfter="${until}" Recipient="${markupText(acsUrl)}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${markupText(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at}" SessionIndex="${newMessageId()}"><saml:AuthnContext><saml:AuthnContextClassRef>${PASSWORD}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attributesOf(person)}</saml:AttributeStatement></saml:Assertion>`;
  const response = `<samlp:Response xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" ${head(newMessageId())} Destination="${markupText(acsUrl)}" InResponseTo="${markupText(requestId)}">${issuer}<samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>${signed(assertion, "Assertion", key.privateKey)}</samlp:Response>`;
  return signed(response, "Response", key.privateKey);
}

function attributesOf({ name, email, groups }: DemoProviderPerson): string {
  return Object.entries({ name: [name], email: [email], groups })
    .map(([attribute, values]) => {
      const inner = values.map((value) => `<saml:AttributeValue>${markupText(value)}</saml:AttributeValue>`);
      return `<saml:Attribute Name="${attribute}">${inner.join("")}</saml:Attribute>`;
    })
    .join("");
}

function signed(xml: string, name: "Assertion" | "Response", privateKey: string): string {
  const signature = new SignedXml({
    ...{ privateKey, signatureAlgorithm: RSA_SHA256, canonicalizationAlgorithm: EXCLUSIVE_C14N },
  });
  const xpath = `/*[local-name(.)='${name}']`;
  signature.addReference({ xpath, transforms: [ENVELOPED, EXCLUSIVE_C14N], digestAlgorithm: SHA256 });
  const location = { reference: `${xpath}/*[local-name(.)='Issuer']`, action: "after" as const };
  signature.computeSignature(xml, { prefix: "ds", location });
  return signature.getSignedXml();
}

type LoggedOut = { location: string; requestId: string };

/** The address that says, signed, that somebody is signed out here. */
export function demoSamlLogout({ origin, key }: DemoSaml, { location, requestId }: LoggedOut): string {
  const xml = `<samlp:LogoutResponse xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" ID="${newMessageId()}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${markupText(location)}" InResponseTo="${markupText(requestId)}"><saml:Issuer>${demoEntityId(origin)}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status></samlp:LogoutResponse>`;
  const message = encodeURIComponent(deflateRawSync(xml).toString("base64"));
  const covered = `SAMLResponse=${message}&SigAlg=${encodeURIComponent(RSA_SHA256)}`;
  const signature = createSign("sha256").update(covered).sign(key.privateKey, "base64");
  return `${location}?${covered}&Signature=${encodeURIComponent(signature)}`;
}
