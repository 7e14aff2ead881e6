import type { UpstreamClaims } from "#lib/auth/sso/upstream-identity.ts";
import { after, HOUR, MINUTE } from "#lib/core/clock.ts";
import { DEFAULT_SIGNING, newId, type SamlScene, type Signing, signElement } from "./saml-provider.ts";

export type Dialect = {
  name: string;
  write: (scene: SamlScene) => string;
  subject: string;
  claims: Partial<UpstreamClaims>;
  strong: boolean;
};

const NS = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"';
const NS2 = 'xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"';
const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const MICROSOFT = "http://schemas.microsoft.com";
const CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes";
const XS =
  'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const BASIC = 'NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"';

const at = (date: Date, milliseconds = 0) => after(date, milliseconds).toISOString();
const withoutMilliseconds = (text: string) => text.replace(/\.\d{3}Z/g, "Z");
const signed = (xml: string, name: string, { provider }: SamlScene, changes: Partial<Signing> = {}) =>
  signElement(xml, name, {
    ...DEFAULT_SIGNING,
    key: provider.key,
    certificate: provider.certificate,
    ...changes,
  });

/** Answer and assertion signed, types in the attributes, and the prefixes that those need taken along. */
function okta(scene: SamlScene): string {
  const { provider, acsUrl, audience, requestId, now } = scene;
  const value = (text: string) =>
    `<saml2:AttributeValue ${XS} xsi:type="xs:string">${text}</saml2:AttributeValue>`;
  const attribute = (name: string, ...values: string[]) =>
    `<saml2:Attribute Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified">${values.map(value).join("")}</saml2:Attribute>`;
  const assertion = signed(
    `<saml2:Assertion ID="id${newId()}" IssueInstant="${at(now)}" Version="2.0" xmlns:saml2="${ASSERTION}" xmlns:xs="http://www.w3.org/2001/XMLSchema"><saml2:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">${provider.entityId}</saml2:Issuer><saml2:Subject><saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">robin@firm.example</saml2:NameID><saml2:SubjectConfirmation Method="${BEARER}"><saml2:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${at(now, 5 * MINUTE)}" Recipient="${acsUrl}"/></saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="${at(now, -5 * MINUTE)}" NotOnOrAfter="${at(now, 5 * MINUTE)}"><saml2:AudienceRestriction><saml2:Audience>${audience}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AuthnStatement AuthnInstant="${at(now)}" SessionIndex="${requestId}"><saml2:AuthnContext><saml2:AuthnContextClassRef>${CLASS}:PasswordProtectedTransport</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement><saml2:AttributeStatement>${attribute("email", "robin@firm.example")}${attribute("firstName", "Robin")}${attribute("lastName", "Okta")}${attribute("groups", "Everyone", "Staff")}</saml2:AttributeStatement></saml2:Assertion>`,
    "Assertion",
    scene,
    { prefixList: ["xs"] },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>${signed(
    `<saml2p:Response Destination="${acsUrl}" ID="id${newId()}" InResponseTo="${requestId}" IssueInstant="${at(now)}" Version="2.0" ${NS2} xmlns:xs="http://www.w3.org/2001/XMLSchema"><saml2:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" xmlns:saml2="${ASSERTION}">${provider.entityId}</saml2:Issuer><saml2p:Status ${NS2}><saml2p:StatusCode Value="${SUCCESS}"/></saml2p:Status>${assertion}</saml2p:Response>`,
    "Response",
    scene,
    { prefixList: ["xs"] },
  )}`;
}

/** The assertion signed, without prefixes, good for an hour and five minutes, and its methods in an attribute. */
function entra(scene: SamlScene): string {
  const { provider, acsUrl, audience, requestId, now } = scene;
  const attribute = (name: string, ...values: string[]) =>
    `<Attribute Name="${name}">${values.map((value) => `<AttributeValue>${value}</AttributeValue>`).join("")}</Attribute>`;
  const assertion = signed(
    `<Assertion ID="${newId()}" IssueInstant="${at(now)}" Version="2.0" xmlns="${ASSERTION}"><Issuer>${provider.entityId}</Issuer><Subject><NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">robin@firm.example</NameID><SubjectConfirmation Method="${BEARER}"><SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${at(now, HOUR)}" Recipient="${acsUrl}"/></SubjectConfirmation></Subject><Conditions NotBefore="${at(now, -5 * MINUTE)}" NotOnOrAfter="${at(now, HOUR)}"><AudienceRestriction><Audience>${audience}</Audience></AudienceRestriction></Conditions><AttributeStatement>${attribute(`${MICROSOFT}/identity/claims/tenantid`, "00000000-0000-4000-8000-000000000001")}${attribute(`${MICROSOFT}/identity/claims/displayname`, "Robin Entra")}${attribute(`${MICROSOFT}/claims/authnmethodsreferences`, "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password", `${MICROSOFT}/claims/multipleauthn`)}${attribute(`${MICROSOFT}/ws/2008/06/identity/claims/groups`, "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b")}${attribute(`${CLAIMS}/emailaddress`, "robin@firm.example")}${attribute(`${CLAIMS}/name`, "robin@firm.onmicrosoft.example")}</AttributeStatement><AuthnStatement AuthnInstant="${at(now, -MINUTE)}" SessionIndex="${newId()}"><AuthnContext><AuthnContextClassRef>${CLASS}:Password</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion>`,
    "Assertion",
    scene,
    { prefix: "" },
  );
  return `<samlp:Response ID="${newId()}" Version="2.0" IssueInstant="${at(now)}" Destination="${acsUrl}" InResponseTo="${requestId}" ${NS}><Issuer xmlns="${ASSERTION}">${provider.entityId}</Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>${assertion}</samlp:Response>`;
}

/** Like it, with a consent, and a name without a format. */
function adfs(scene: SamlScene): string {
  const { provider, acsUrl, audience, requestId, now } = scene;
  const attribute = (name: string, ...values: string[]) =>
    `<Attribute Name="${name}">${values.map((value) => `<AttributeValue>${value}</AttributeValue>`).join("")}</Attribute>`;
  const assertion = signed(
    `<Assertion ID="${newId()}" IssueInstant="${at(now)}" Version="2.0" xmlns="${ASSERTION}"><Issuer>${provider.entityId}</Issuer><Subject><NameID>FIRM\\robin</NameID><SubjectConfirmation Method="${BEARER}"><SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${at(now, 5 * MINUTE)}" Recipient="${acsUrl}"/></SubjectConfirmation></Subject><Conditions NotBefore="${at(now)}" NotOnOrAfter="${at(now, HOUR)}"><AudienceRestriction><Audience>${audience}</Audience></AudienceRestriction></Conditions><AttributeStatement>${attribute(`${CLAIMS}/emailaddress`, "robin@firm.example")}${attribute(`${CLAIMS}/givenname`, "Robin")}${attribute(`${CLAIMS}/surname`, "Adfs")}${attribute("http://schemas.xmlsoap.org/claims/Group", "Domain Users", "Staff")}</AttributeStatement><AuthnStatement AuthnInstant="${at(now)}" SessionIndex="${newId()}"><AuthnContext><AuthnContextClassRef>${CLASS}:PasswordProtectedTransport</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion>`,
    "Assertion",
    scene,
  );
  return `<samlp:Response ID="${newId()}" Version="2.0" IssueInstant="${at(now)}" Destination="${acsUrl}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" InResponseTo="${requestId}" ${NS}><Issuer xmlns="${ASSERTION}">${provider.entityId}</Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>${assertion}</samlp:Response>`;
}

/** The answer signed, `standalone` in its first line, no seconds' fractions in some times. */
function google(scene: SamlScene): string {
  const { provider, acsUrl, audience, requestId, now } = scene;
  const attribute = (name: string, ...values: string[]) =>
    `<saml2:Attribute Name="${name}">${values.map((value) => `<saml2:AttributeValue ${XS} xsi:type="xs:anyType">${value}</saml2:AttributeValue>`).join("")}</saml2:Attribute>`;
  const assertion = `<saml2:Assertion xmlns:saml2="${ASSERTION}" ID="${newId()}" IssueInstant="${at(now)}" Version="2.0"><saml2:Issuer>${provider.entityId}</saml2:Issuer><saml2:Subject><saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">robin@firm.example</saml2:NameID><saml2:SubjectConfirmation Method="${BEARER}"><saml2:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${at(now, 5 * MINUTE)}" Recipient="${acsUrl}"/></saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="${at(now, -5 * MINUTE)}" NotOnOrAfter="${at(now, 5 * MINUTE)}"><saml2:AudienceRestriction><saml2:Audience>${audience}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AttributeStatement>${attribute("email", "robin@firm.example")}${attribute("name", "Robin Google")}${attribute("groups")}</saml2:AttributeStatement><saml2:AuthnStatement AuthnInstant="${withoutMilliseconds(at(now))}" SessionIndex="${newId()}"><saml2:AuthnContext><saml2:AuthnContextClassRef>${CLASS}:unspecified</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement></saml2:Assertion>`;
  const response = `<saml2p:Response ${NS2} Destination="${acsUrl}" ID="${newId()}" InResponseTo="${requestId}" IssueInstant="${at(now)}" Version="2.0"><saml2:Issuer xmlns:saml2="${ASSERTION}">${provider.entityId}</saml2:Issuer><saml2p:Status><saml2p:StatusCode Value="${SUCCESS}"/></saml2p:Status>${assertion}</saml2p:Response>`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>${signed(response, "Response", scene)}`;
}

/** Both signed, the same attribute again for each role, and line ends within base64 as Java writes them. */
function keycloak(scene: SamlScene): string {
  const { provider, acsUrl, audience, requestId, now } = scene;
  const attribute = (name: string, value: string, friendly = "") =>
    `<saml:Attribute${friendly && ` FriendlyName="${friendly}"`} Name="${name}" ${BASIC}><saml:AttributeValue ${XS} xsi:type="xs:string">${value}</saml:AttributeValue></saml:Attribute>`;
  const assertion = signed(
    `<saml:Assertion xmlns="${ASSERTION}" xmlns:saml="${ASSERTION}" ID="ID${newId()}" IssueInstant="${at(now)}" Version="2.0"><saml:Issuer>${provider.entityId}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">G-5f2ad0</saml:NameID><saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${at(now, 5 * MINUTE)}" Recipient="${acsUrl}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(now)}" NotOnOrAfter="${at(now, MINUTE)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction><saml:OneTimeUse/></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(now)}" SessionIndex="a::b" SessionNotOnOrAfter="${at(now, 10 * HOUR)}"><saml:AuthnContext><saml:AuthnContextClassRef>${CLASS}:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute("urn:oid:1.2.840.113549.1.9.1", "robin@firm.example", "email")}${attribute("urn:oid:2.5.4.42", "Robin", "givenName")}${attribute("urn:oid:2.5.4.4", "Keycloak", "surname")}${attribute("Role", "staff")}${attribute("Role", "auditors")}</saml:AttributeStatement></saml:Assertion>`,
    "Assertion",
    scene,
    { prefix: "dsig" },
  );
  const response = `<samlp:Response ${NS} xmlns:saml="${ASSERTION}" Destination="${acsUrl}" ID="ID${newId()}" InResponseTo="${requestId}" IssueInstant="${at(now)}" Version="2.0"><saml:Issuer>${provider.entityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>${assertion}</samlp:Response>`;
  const both = signed(response, "Response", scene, { prefix: "dsig" });
  return both.replace(/(?<=<dsig:SignatureValue>)(.{76})/, "$1&#13;\n");
}

/** Answers as five providers write them, and what is to be read in each. */
export const DIALECTS: Dialect[] = [
  {
    ...{ name: "Okta", write: okta, subject: "robin@firm.example", strong: false },
    claims: { email: "robin@firm.example", name: "Robin Okta", groups: ["Everyone", "Staff"] },
  },
  {
    ...{ name: "Entra ID", write: entra, subject: "robin@firm.example", strong: true },
    claims: {
      ...{ email: "robin@firm.example", name: "Robin Entra" },
      groups: ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"],
    },
  },
  {
    ...{ name: "ADFS", write: adfs, subject: "FIRM\\robin", strong: false },
    claims: { email: "robin@firm.example", name: "Robin Adfs", groups: ["Domain Users", "Staff"] },
  },
  {
    ...{ name: "Google", write: google, subject: "robin@firm.example", strong: false },
    claims: { email: "robin@firm.example", name: "Robin Google", groups: [] },
  },
  {
    ...{ name: "Keycloak", write: keycloak, subject: "G-5f2ad0", strong: false },
    claims: { email: "robin@firm.example", name: "Robin Keycloak", groups: ["staff", "auditors"] },
  },
];
