import type { SamlSettings } from "#lib/auth/sso/configuration.ts";
import type { SamlRefusal } from "#lib/auth/sso/saml/refusal.ts";
import { after, DAY, MINUTE } from "#lib/core/clock.ts";
import {
  attributeXml,
  newId,
  type SamlScene,
  type SignatureMode,
  type Signing,
  samlKey,
  type Wanted,
} from "./saml-provider.ts";

export type Forgery = {
  name: string;
  mode: SignatureMode;
  reason: SamlRefusal["reason"];
  /** What the connection is set to, where it is not the usual. */
  settings?: (scene: SamlScene) => Promise<Partial<SamlSettings>>;
  make: (scene: SamlScene) => Wanted | Promise<Wanted>;
};

type Reason = Forgery["reason"];
type Edit = (xml: string, scene: SamlScene) => string;

const MODES = ["response", "assertion", "both"] as const;

/** Replaces, and makes sure that there was something to. */
export function swap(xml: string, from: string | RegExp, to: string): string {
  const swapped = xml.replace(from, () => to);
  if (swapped === xml) throw new Error(`There is no ${from} to change.`);
  return swapped;
}

const swapping =
  (from: string | RegExp, to: string): Edit =>
  (xml) =>
    swap(xml, from, to);

const at = (now: Date, minutes: number) => after(now, minutes * MINUTE).toISOString();

/** What the provider says and signs, and what does not hold. */
const SAID: [name: string, reason: Reason, edit: Edit][] = [
  ["another issuer", "wrong_issuer", swapping(/(?<=<saml:Issuer>)[^<]+/, "https://other.example/metadata")],
  ["an issuer in other letters", "wrong_issuer", swapping("https://idp.example", "https://IDP.example")],
  ["no issuer", "wrong_issuer", swapping(/<saml:Issuer>.*?<\/saml:Issuer>/, "")],
  ["another audience", "wrong_audience", swapping(/(?<=<saml:Audience>)[^<]+/, "https://other.example")],
  [
    "the audience of another connection",
    "wrong_audience",
    swapping(/(?<=<saml:Audience>.*saml\/)[0-9a-f-]{36}/, "00000000-0000-4000-8000-000000000000"),
  ],
  [
    "the audience of another firm",
    "wrong_audience",
    swapping(/(?<=<saml:Audience>http:\/\/)[a-z0-9-]+/, "other-firm"),
  ],
  [
    "an audience that goes on",
    "wrong_audience",
    swapping("/metadata</saml:Audience>", "/metadata/more</saml:Audience>"),
  ],
  ["no audience", "wrong_audience", swapping(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, "")],
  ["an empty audience restriction", "wrong_audience", swapping(/<saml:Audience>.*<\/saml:Audience>/, "")],
  [
    "a second audience restriction for others",
    "wrong_audience",
    swapping(
      "<saml:AudienceRestriction>",
      "<saml:AudienceRestriction><saml:Audience>https://other.example</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction>",
    ),
  ],
  ["no conditions", "no_conditions", swapping(/<saml:Conditions.*<\/saml:Conditions>/, "")],
  [
    "conditions twice",
    "no_conditions",
    (xml) =>
      swap(
        xml,
        /<saml:Conditions.*<\/saml:Conditions>/,
        (/<saml:Conditions.*<\/saml:Conditions>/.exec(xml)?.[0] ?? "").repeat(2),
      ),
  ],
  [
    "a condition that nobody knows",
    "unknown_condition",
    swapping("</saml:Conditions>", "<saml:Condition/></saml:Conditions>"),
  ],
  [
    "a condition of another namespace",
    "unknown_condition",
    swapping("</saml:Conditions>", '<x:OneTimeUse xmlns:x="urn:x"/></saml:Conditions>'),
  ],
  [
    "another recipient",
    "wrong_recipient",
    swapping(/Recipient="[^"]*"/, 'Recipient="https://other.example/acs"'),
  ],
  [
    "the recipient of another firm",
    "wrong_recipient",
    swapping(/(?<=Recipient="http:\/\/)[a-z0-9-]+/, "other-firm"),
  ],
  [
    "the recipient of another connection",
    "wrong_recipient",
    swapping(/(?<=Recipient="[^"]*saml\/)[0-9a-f-]{36}/, "00000000-0000-4000-8000-000000000000"),
  ],
  ["no recipient", "wrong_recipient", swapping(/ Recipient="[^"]*"/, "")],
  ["no end", "no_expiry", swapping(/ NotOnOrAfter="[^"]*"/, "")],
  [
    "an end that has passed",
    "expired",
    (xml, { now }) => swap(xml, /(?<=Data NotOnOrAfter=")[^"]*/, at(now, -6)),
  ],
  [
    "conditions that have run out",
    "expired",
    (xml, { now }) => swap(xml, /(?<=Conditions NotBefore="[^"]*" NotOnOrAfter=")[^"]*/, at(now, -6)),
  ],
  [
    "conditions that have not begun",
    "not_yet_valid",
    (xml, { now }) => swap(xml, /(?<=Conditions NotBefore=")[^"]*/, at(now, 10)),
  ],
  [
    "a confirmation that has not begun",
    "not_yet_valid",
    (xml, { now }) =>
      swap(
        xml,
        "<saml:SubjectConfirmationData ",
        `<saml:SubjectConfirmationData NotBefore="${at(now, 10)}" `,
      ),
  ],
  [
    "a day to come as the moment of issue",
    "not_yet_valid",
    (xml, { now }) => swap(xml, /(?<=IssueInstant=")[^"]*/, at(now, 1440)),
  ],
  [
    "a moment of issue that is too long ago",
    "expired",
    (xml, { now }) => swap(xml, /(?<=IssueInstant=")[^"]*/, at(now, -14)),
  ],
  [
    "an end that is a day away",
    "lives_too_long",
    (xml, { now }) => swap(xml, /(?<=Data NotOnOrAfter=")[^"]*/, at(now, 1440)),
  ],
  [
    "an end in local time",
    "bad_time",
    (xml, { now }) => swap(xml, /(?<=Data NotOnOrAfter=")[^"]*/, at(now, 5).slice(0, 19)),
  ],
  ["an end that is no time", "bad_time", swapping(/(?<=Data NotOnOrAfter=")[^"]*/, "tomorrow")],
  [
    "a month that there is none of",
    "bad_time",
    swapping(/(?<=Data NotOnOrAfter=")[^"]*/, "2026-13-01T00:00:00Z"),
  ],
  ["no moment of issue", "bad_time", swapping(/ IssueInstant="[^"]*"/, "")],
  ["a holder of a key", "not_bearer", swapping("cm:bearer", "cm:holder-of-key")],
  ["a sender that vouches", "not_bearer", swapping("cm:bearer", "cm:sender-vouches")],
  ["no confirmation", "not_bearer", swapping(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/, "")],
  ["no data of the confirmation", "not_bearer", swapping(/<saml:SubjectConfirmationData[^>]*>/, "")],
  [
    "two confirmations",
    "several_confirmations",
    (xml) =>
      swap(
        xml,
        /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/,
        (/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/.exec(xml)?.[0] ?? "").repeat(2),
      ),
  ],
  ["another request", "wrong_request", swapping(/InResponseTo="[^"]*"/, 'InResponseTo="_another"')],
  ["no request", "wrong_request", swapping(/ InResponseTo="[^"]*"/, "")],
  ["no subject", "no_subject", swapping(/<saml:Subject>.*<\/saml:Subject>/, "")],
  ["no name", "no_name_id", swapping(/<saml:NameID.*<\/saml:NameID>/, "")],
  ["an empty name", "no_name_id", swapping(/(?<=<saml:NameID [^>]*>)[^<]*/, "")],
  ["a blank name", "no_name_id", swapping(/(?<=<saml:NameID [^>]*>)[^<]*/, " &#9; ")],
  ["a name that is too long", "name_too_long", swapping(/(?<=<saml:NameID [^>]*>)[^<]*/, "x".repeat(1025))],
  [
    "a name of too many bytes",
    "name_too_long",
    swapping(/(?<=<saml:NameID [^>]*>)[^<]*/, "\u4e00".repeat(342)),
  ],
  [
    "a session of too many bytes",
    "name_too_long",
    swapping(/(?<=SessionIndex=")[^"]*/, "\u4e00".repeat(342)),
  ],
  [
    "a name of another provider",
    "foreign_name_id",
    swapping("<saml:NameID ", '<saml:NameID NameQualifier="https://other.example/metadata" '),
  ],
  [
    "a name for another portal",
    "foreign_name_id",
    swapping("<saml:NameID ", '<saml:NameID SPNameQualifier="https://other.example/metadata" '),
  ],
  [
    "two names",
    "no_name_id",
    swapping("</saml:NameID>", "</saml:NameID><saml:NameID>upstream-2</saml:NameID>"),
  ],
  [
    "a name with an element in it",
    "no_name_id",
    swapping("</saml:NameID>", "<x/>.evil.example</saml:NameID>"),
  ],
  [
    "a name of another namespace",
    "no_name_id",
    (xml) => swap(xml, /<saml:NameID.*<\/saml:NameID>/, '<x:NameID xmlns:x="urn:x">upstream-1</x:NameID>'),
  ],
  [
    "a name that is made up each time",
    "transient_name_id",
    swapping("nameid-format:persistent", "nameid-format:transient"),
  ],
  [
    "an address that is there twice",
    "duplicate_attribute",
    swapping(
      "</saml:AttributeStatement>",
      `${attributeXml("email", ["other@firm.example"])}</saml:AttributeStatement>`,
    ),
  ],
  [
    "an address in two statements",
    "duplicate_attribute",
    swapping(
      "</saml:AttributeStatement>",
      `</saml:AttributeStatement><saml:AttributeStatement>${attributeXml("email", ["other@firm.example"])}</saml:AttributeStatement>`,
    ),
  ],
  [
    "an address with two values",
    "several_values",
    swapping(
      "</saml:AttributeValue>",
      '</saml:AttributeValue><saml:AttributeValue xsi:type="xs:string">other@firm.example</saml:AttributeValue>',
    ),
  ],
  [
    "an address with an element in it",
    "bad_attribute",
    swapping("</saml:AttributeValue>", "<x/>.evil.example</saml:AttributeValue>"),
  ],
  ["a name of a thousand letters", "bad_attribute", swapping("Robin Upstream", "R".repeat(1000))],
  [
    "no statement of the sign-in",
    "no_authn_statement",
    swapping(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, ""),
  ],
  [
    "a session that has ended",
    "expired",
    (xml, { now }) =>
      swap(xml, "<saml:AuthnStatement ", `<saml:AuthnStatement SessionNotOnOrAfter="${at(now, -6)}" `),
  ],
  ["version 1.1", "version", swapping('Version="2.0"', 'Version="1.1"')],
  ["no version", "version", swapping(' Version="2.0"', "")],
];

/** The same of the answer around the assertion. */
const AROUND: [name: string, reason: Reason, edit: Edit][] = [
  ["another issuer", "wrong_issuer", swapping(/(?<=<saml:Issuer>)[^<]+/, "https://other.example/metadata")],
  ["no issuer", "wrong_issuer", swapping(/<saml:Issuer>.*?<\/saml:Issuer>/, "")],
  [
    "another destination",
    "wrong_destination",
    swapping(/(?<=Destination=")[^"]*/, "https://other.example/acs"),
  ],
  [
    "the destination of another firm",
    "wrong_destination",
    swapping(/(?<=Destination="http:\/\/)[a-z0-9-]+/, "other-firm"),
  ],
  ["no destination", "wrong_destination", swapping(/ Destination="[^"]*"/, "")],
  ["a status that is no success", "status_not_success", swapping("status:Success", "status:Responder")],
  [
    "a failed sign-in",
    "status_not_success",
    swapping(
      /<samlp:StatusCode [^>]*>/,
      '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>',
    ),
  ],
  [
    "success within a failure",
    "status_not_success",
    swapping(
      /<samlp:StatusCode [^>]*>/,
      '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Requester"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:StatusCode>',
    ),
  ],
  ["no status", "status_not_success", swapping(/<samlp:Status>.*<\/samlp:Status>/, "")],
  ["version 1.1", "version", swapping('Version="2.0"', 'Version="1.1"')],
  ["another request", "wrong_request", swapping(/InResponseTo="[^"]*"/, 'InResponseTo="_another"')],
  ["no request", "wrong_request", swapping(/ InResponseTo="[^"]*"/, "")],
];

const EC = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1";
const HMAC = "http://www.w3.org/2000/09/xmldsig#hmac-sha1";
const C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXC = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/** Signed by the right key, in a way that is worth nothing. */
const SIGNED: [
  name: string,
  reason: Reason,
  signing: (scene: SamlScene) => Promise<Partial<Signing>> | Partial<Signing>,
][] = [
  [
    "RSA with SHA-1",
    "signature_algorithm",
    () => ({ algorithm: "http://www.w3.org/2000/09/xmldsig#rsa-sha1" }),
  ],
  ["a digest of SHA-1", "digest_algorithm", () => ({ digest: "http://www.w3.org/2000/09/xmldsig#sha1" })],
  [
    "a MAC whose key is the certificate",
    "signature_algorithm",
    ({ provider }) => ({ algorithm: HMAC, key: provider.certificate }),
  ],
  [
    "ECDSA with SHA-1",
    "signature_algorithm",
    async () => ({ algorithm: EC, ...(await samlKey("curve", { type: "ec" })) }),
  ],
  ["the older canonical form", "canonicalization", () => ({ canonicalization: C14N })],
  ["comments in the canonical form", "canonicalization", () => ({ canonicalization: `${EXC}WithComments` })],
  ["the older canonical form as a transform", "transforms", () => ({ transforms: [ENVELOPED, C14N] })],
  ["comments in the transform", "transforms", () => ({ transforms: [ENVELOPED, `${EXC}WithComments`] })],
  ["one transform", "transforms", () => ({ transforms: [ENVELOPED] })],
  ["somebody else's key", "unknown_signature", () => samlKey("stranger")],
  [
    "somebody else's key of another kind",
    "unknown_signature",
    async () => ({
      algorithm: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
      ...(await samlKey("curve", { type: "ec" })),
    }),
  ],
];

/** Changed by somebody who has an honest answer, and no key. The signature's own parts are looked at before its value. */
const CHANGED: [name: string, reason: Reason, edit: Edit][] = [
  ["another name", "digest_mismatch", swapping(/(?<=<saml:NameID [^>]*>)[^<]*/, "upstream-2")],
  ["another address", "digest_mismatch", swapping("robin@firm.example", "owner@firm.example")],
  [
    "one group more",
    "digest_mismatch",
    swapping(
      "staff</saml:AttributeValue>",
      'staff</saml:AttributeValue><saml:AttributeValue xsi:type="xs:string">administrators</saml:AttributeValue>',
    ),
  ],
  ["another signature value", "unknown_signature", swapping(/(?<=<ds:SignatureValue>)..../, "AAAA")],
  ["another digest", "digest_mismatch", (xml) => xml.replaceAll(/(?<=<ds:DigestValue>)..../g, "AAAA")],
  ["no signature value", "signature_shape", swapping(/<ds:SignatureValue>.*?<\/ds:SignatureValue>/, "")],
  [
    "no key info",
    "digest_mismatch",
    (xml) =>
      swap(swap(xml, /<ds:KeyInfo>.*?<\/ds:KeyInfo>/, ""), /(?<=<saml:NameID [^>]*>)[^<]*/, "upstream-2"),
  ],
  [
    "an object in the signature",
    "signature_shape",
    swapping("</ds:Signature>", "<ds:Object>x</ds:Object></ds:Signature>"),
  ],
  [
    "the signed part twice",
    "signature_shape",
    (xml) =>
      swap(
        xml,
        /<ds:SignedInfo.*?<\/ds:SignedInfo>/,
        (/<ds:SignedInfo.*?<\/ds:SignedInfo>/.exec(xml)?.[0] ?? "").repeat(2),
      ),
  ],
  [
    "two references",
    "several_references",
    (xml) =>
      swap(
        xml,
        /<ds:Reference.*?<\/ds:Reference>/,
        (/<ds:Reference.*?<\/ds:Reference>/.exec(xml)?.[0] ?? "").repeat(2),
      ),
  ],
  ["no reference", "signature_shape", swapping(/<ds:Reference.*?<\/ds:Reference>/, "")],
  ["a reference to everything", "foreign_reference", swapping(/(?<=<ds:Reference URI=")[^"]*/, "")],
  ["a reference to elsewhere", "foreign_reference", swapping(/(?<=<ds:Reference URI=")[^"]*/, "#_elsewhere")],
  [
    "a reference by XPointer",
    "foreign_reference",
    swapping(/(?<=<ds:Reference URI=")#([^"]*)/, "#xpointer(/)"),
  ],
  [
    "a transform by XPath",
    "transforms",
    swapping(
      "<ds:Transforms>",
      '<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
    ),
  ],
  [
    "a transform by a style sheet",
    "transforms",
    swapping(
      "<ds:Transforms>",
      '<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>',
    ),
  ],
  [
    "the signature twice",
    "several_signatures",
    (xml) =>
      swap(
        xml,
        /<ds:Signature .*?<\/ds:Signature>/,
        (/<ds:Signature .*?<\/ds:Signature>/.exec(xml)?.[0] ?? "").repeat(2),
      ),
  ],
  [
    "a signature elsewhere",
    "misplaced_signature",
    (xml) =>
      swap(
        xml,
        "<samlp:Status>",
        `<samlp:Extensions>${/<ds:Signature .*?<\/ds:Signature>/.exec(xml)?.[0]}</samlp:Extensions><samlp:Status>`,
      ),
  ],
  [
    "a signature of another namespace",
    "misplaced_signature",
    swapping("<samlp:Status>", '<Signature xmlns="urn:x"/><samlp:Status>'),
  ],
  ["a comment in the name", "comment", swapping("</saml:NameID>", "<!---->.evil.example</saml:NameID>")],
  ["a comment somewhere", "comment", swapping("<samlp:Status>", "<!-- x --><samlp:Status>")],
  ["a comment in the digest", "comment", swapping("</ds:DigestValue>", "<!-- x --></ds:DigestValue>")],
  [
    "an instruction in the name",
    "processing_instruction",
    swapping("</saml:NameID>", "<?x y?>.evil.example</saml:NameID>"),
  ],
  ["an instruction in front", "processing_instruction", (xml) => `<?xml-stylesheet href="x"?>${xml}`],
  ["CDATA in the name", "cdata", swapping("</saml:NameID>", "<![CDATA[.evil.example]]></saml:NameID>")],
  ["a document type", "doctype", (xml) => `<!DOCTYPE Response>${xml}`],
  [
    "a document type with an entity",
    "doctype",
    (xml) => swap(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`, "upstream-1", "&e;"),
  ],
  ["a document type in small letters", "doctype", (xml) => `<!doctype x>${xml}`],
  ["a billion laughs", "doctype", (xml) => `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>${xml}`],
  ["an entity that nobody knows", "entity", swapping("upstream-1", "&nbsp;")],
  ["half an entity", "entity", swapping("upstream-1", "a & b")],
  ["a null character", "control_character", swapping("upstream-1", "upstream-1&#0;.evil")],
  ["a character that is none", "control_character", swapping("upstream-1", "upstream-1&#xFFFE;")],
  ["a surrogate", "control_character", swapping("upstream-1", "upstream-1&#xD800;")],
  ["a bell", "control_character", swapping("upstream-1", "upstream-1\u0007")],
  ["two roots", "several_roots", (xml) => `${xml}<a/>`],
  ["itself twice", "several_roots", (xml) => xml + xml],
  ["text after it", "malformed", (xml) => `${xml}x`],
  ["its end missing", "malformed", (xml) => xml.slice(0, -20)],
  ["crossed tags", "malformed", swapping("</saml:NameID>", "</saml:nameid>")],
  ["an attribute twice", "malformed", swapping('Version="2.0"', 'Version="2.0" Version="2.0"')],
  [
    "a prefix that means nothing",
    "wrong_root",
    swapping('xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"', 'xmlns:samlp="urn:x"'),
  ],
  ["another root", "wrong_root", (xml) => `<x>${xml}</x>`],
  [
    "an answer to something else",
    "wrong_root",
    (xml) => xml.replaceAll("samlp:Response", "samlp:ArtifactResponse"),
  ],
  ["another encoding", "not_utf8", (xml) => `<?xml version="1.0" encoding="ISO-8859-1"?>${xml}`],
  ["another version of XML", "processing_instruction", (xml) => `<?xml version="1.1"?>${xml}`],
  [
    "a hundred thousand levels",
    "too_large",
    swapping("<samlp:Status>", `${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}<samlp:Status>`),
  ],
  [
    "twenty thousand levels",
    "too_deep",
    swapping("<samlp:Status>", `${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}<samlp:Status>`),
  ],
  ["three hundred thousand spaces", "too_large", (xml) => xml + " ".repeat(300_000)],
  [
    "an id twice",
    "duplicate_id",
    (xml) =>
      swap(
        xml,
        "<samlp:Status>",
        `<samlp:Extensions><x ID="${/ ID="([^"]*)"/.exec(xml)?.[1]}"/></samlp:Extensions><samlp:Status>`,
      ),
  ],
  [
    "an id twice in other letters",
    "duplicate_id",
    (xml) =>
      swap(
        xml,
        "<samlp:Status>",
        `<samlp:Extensions><x Id="${/Assertion [^>]*?ID="([^"]*)"/.exec(xml)?.[1]}"/></samlp:Extensions><samlp:Status>`,
      ),
  ],
  [
    "an id with a quote",
    "bad_id",
    swapping("<samlp:Status>", '<samlp:Extensions><x ID="a\'b"/></samlp:Extensions><samlp:Status>'),
  ],
  ["no assertion", "no_assertion", swapping(/<saml:Assertion.*<\/saml:Assertion>/, "")],
  [
    "an assertion in the extensions",
    "misplaced_assertion",
    (xml) =>
      swap(
        swap(xml, /<saml:Assertion.*<\/saml:Assertion>/, ""),
        "<samlp:Status>",
        `<samlp:Extensions>${assertionIn(xml)}</samlp:Extensions><samlp:Status>`,
      ),
  ],
  [
    "an assertion of another namespace beside it",
    "several_assertions",
    swapping("</samlp:Response>", '<Assertion xmlns="urn:x"/></samlp:Response>'),
  ],
  [
    "an assertion of another namespace instead",
    "misplaced_assertion",
    (xml) => swap(xml, /<saml:Assertion.*<\/saml:Assertion>/, '<Assertion xmlns="urn:x"/>'),
  ],
  [
    "an encrypted assertion beside it",
    "several_assertions",
    swapping("</samlp:Response>", "<saml:EncryptedAssertion/></samlp:Response>"),
  ],
  [
    "an answer in an answer",
    "misplaced_response",
    swapping("<samlp:Status>", "<samlp:Extensions><samlp:Response/></samlp:Extensions><samlp:Status>"),
  ],
];

function assertionIn(xml: string): string {
  return /<saml:Assertion.*<\/saml:Assertion>/.exec(xml)?.[0] ?? "";
}

/** Of an assertion, what an attacker makes: another person's, with an id of its own, and no signature. */
function evilOf(assertion: string): string {
  const unsigned = assertion.replace(/<ds:Signature .*?<\/ds:Signature>/, "");
  return unsigned.replace("upstream-1", "upstream-2").replace(/ ID="[^"]*"/, ` ID="${newId()}"`);
}

const withoutSignature = (xml: string) => xml.replace(/<ds:Signature .*?<\/ds:Signature>/, "");
const signatureIn = (xml: string) => /<ds:Signature .*?<\/ds:Signature>/.exec(xml)?.[0] ?? "";

/** The eight ways of wrapping that are known by number, of what an answer's own signature covers. */
const WRAPPED_RESPONSE: [name: string, reason: Reason, edit: Edit][] = [
  [
    "XSW1: the signed answer in the signature of another",
    "misplaced_response",
    (xml) => {
      const evil = evilAnswer(xml);
      return swap(
        evil,
        "<samlp:Status>",
        `${signatureIn(xml).replace("</ds:Signature>", `${withoutSignature(xml)}</ds:Signature>`)}<samlp:Status>`,
      );
    },
  ],
  [
    "XSW2: the signed answer before its signature, in another",
    "misplaced_response",
    (xml) =>
      swap(evilAnswer(xml), "<samlp:Status>", `${withoutSignature(xml)}${signatureIn(xml)}<samlp:Status>`),
  ],
  [
    "another answer around the signed one",
    "misplaced_response",
    (xml) =>
      swap(evilAnswer(xml), "<samlp:Status>", `<samlp:Extensions>${xml}</samlp:Extensions><samlp:Status>`),
  ],
  [
    "another answer with the signature of the signed one",
    "foreign_reference",
    (xml) => swap(evilAnswer(xml), "<samlp:Status>", `${signatureIn(xml)}<samlp:Status>`),
  ],
];

function evilAnswer(xml: string): string {
  const bare = withoutSignature(xml).replace(/ ID="[^"]*"/, ` ID="${newId()}"`);
  return swap(bare, assertionIn(bare), evilOf(assertionIn(bare)));
}

/** The same of what an assertion's signature covers, or the answer's in place of it. */
const WRAPPED_ASSERTION: [name: string, reason: Reason, edit: Edit][] = [
  [
    "XSW3: another assertion before it",
    "several_assertions",
    (xml) => swap(xml, assertionIn(xml), evilOf(assertionIn(xml)) + assertionIn(xml)),
  ],
  [
    "XSW4: another assertion around it",
    "several_assertions",
    (xml) =>
      swap(
        xml,
        assertionIn(xml),
        evilOf(assertionIn(xml)).replace("</saml:Assertion>", `${assertionIn(xml)}</saml:Assertion>`),
      ),
  ],
  [
    "XSW5: another assertion with its signature, it at the end",
    "several_assertions",
    (xml) => {
      const evil = swap(
        evilOf(assertionIn(xml)),
        "</saml:Issuer>",
        `</saml:Issuer>${signatureIn(assertionIn(xml)) || signatureIn(xml)}`,
      );
      return swap(xml, assertionIn(xml), evil + withoutSignature(assertionIn(xml)));
    },
  ],
  [
    "XSW6: another assertion with its signature, it within that",
    "several_assertions",
    (xml) => {
      const holding = (signatureIn(assertionIn(xml)) || "<x></x>").replace(
        /<\/(?:ds:Signature|x)>$/,
        (end) => withoutSignature(assertionIn(xml)) + end,
      );
      return swap(
        xml,
        assertionIn(xml),
        swap(evilOf(assertionIn(xml)), "</saml:Issuer>", `</saml:Issuer>${holding}`),
      );
    },
  ],
  [
    "XSW7: another assertion in the extensions",
    "several_assertions",
    (xml) =>
      swap(
        xml,
        "<samlp:Status>",
        `<samlp:Extensions>${evilOf(assertionIn(xml))}</samlp:Extensions><samlp:Status>`,
      ),
  ],
  [
    "XSW8: it in an object of the signature of another",
    "several_assertions",
    (xml) => {
      const object = `<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${withoutSignature(assertionIn(xml))}</ds:Object>`;
      const holding = (signatureIn(assertionIn(xml)) || "<x></x>").replace(
        /<\/(?:ds:Signature|x)>$/,
        (end) => object + end,
      );
      return swap(
        xml,
        assertionIn(xml),
        swap(evilOf(assertionIn(xml)), "</saml:Issuer>", `</saml:Issuer>${holding}`),
      );
    },
  ],
  [
    "another assertion with the same id",
    "several_assertions",
    (xml) => {
      const id = / ID="[^"]*"/.exec(assertionIn(xml))?.[0] ?? "";
      return swap(
        xml,
        assertionIn(xml),
        evilOf(assertionIn(xml)).replace(/ ID="[^"]*"/, id) + assertionIn(xml),
      );
    },
  ],
];

const each = <T>(
  modes: readonly SignatureMode[],
  rows: [string, Reason, T][],
  about: string,
  make: (row: T) => Pick<Forgery, "make"> & Partial<Forgery>,
): Forgery[] =>
  modes.flatMap((mode) =>
    rows.map(([name, reason, row]) => ({ name: `${about} ${name}`, mode, reason, ...make(row) })),
  );

const ours = (certificate: string) => async (): Promise<Partial<SamlSettings>> => ({
  certificates: [certificate],
});

/** Pinned keys that are not, or no longer, good enough. */
const PINNED: Forgery[] = MODES.flatMap((mode) => [
  {
    ...{ name: "signed by a pinned key of 1024 bits", mode, reason: "weak_key" as const },
    settings: async () => ours((await weak()).certificate)(),
    make: async () => ({ signing: await weak() }),
  },
  {
    ...{
      name: "signed by a pinned certificate that has run out",
      mode,
      reason: "certificate_expired" as const,
    },
    settings: async () => ours((await old()).certificate)(),
    make: async () => ({ signing: await old() }),
  },
]);

const weak = () => samlKey("weak", { bits: 1024 });
const old = () => samlKey("old", { from: after(new Date(), -30 * DAY), until: after(new Date(), -DAY) });

const RSA_15 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
const TRIPLE_DES = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc";
const CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

const forUs = async () => ({ certificate: (await samlKey("our own")).certificate });

/** What is encrypted, and cannot be believed. */
const ENCRYPTED: Forgery[] = [
  ...MODES.flatMap((mode): Forgery[] => [
    {
      ...{ name: "encrypted for somebody else", mode, reason: "not_decrypted" },
      make: async () => ({ encryptFor: { certificate: (await samlKey("stranger")).certificate } }),
    },
    {
      ...{ name: "encrypted with a key in RSA 1.5", mode, reason: "encryption_algorithm" },
      make: async () => ({ encryptFor: { ...(await forUs()), keyMethod: RSA_15 } }),
    },
    {
      ...{ name: "encrypted with triple DES", mode, reason: "encryption_algorithm" },
      make: async () => ({ encryptFor: { ...(await forUs()), method: TRIPLE_DES } }),
    },
    {
      ...{ name: "not encrypted, where it has to be", mode, reason: "not_encrypted" },
      settings: async () => ({ requireEncryption: true }),
      make: () => ({}),
    },
    {
      ...{ name: "encrypted around an assertion of another provider", mode, reason: "wrong_issuer" },
      make: async () => ({
        encryptFor: await forUs(),
        assertion: (xml) => swap(xml, "https://idp.example/metadata", "https://other.example"),
      }),
    },
    {
      ...{
        name: "encrypted around two assertions",
        mode,
        reason: mode === "response" ? "not_decrypted" : "not_decrypted",
      },
      make: async () => ({ encryptFor: await forUs(), assertion: twice }),
    },
  ]),
  {
    ...{ name: "encrypted, and signed by nobody", mode: "none", reason: "unsigned" },
    make: async () => ({ encryptFor: await forUs() }),
  },
  {
    ...{ name: "encrypted with GCM and changed", mode: "assertion", reason: "not_decrypted" },
    make: async () => ({ encryptFor: await forUs(), afterwards: changedCipher }),
  },
  {
    ...{ name: "encrypted with CBC and changed", mode: "assertion", reason: "not_decrypted" },
    make: async () => ({ encryptFor: { ...(await forUs()), method: CBC }, afterwards: changedCipher }),
  },
  {
    ...{ name: "encrypted, signed and changed", mode: "response", reason: "digest_mismatch" },
    make: async () => ({ encryptFor: await forUs(), afterwards: changedCipher }),
  },
];

/** One assertion in the place of a part of another. */
function twice(xml: string): string {
  return swap(xml, "</saml:Subject>", `</saml:Subject><saml:Advice>${evilOf(xml)}</saml:Advice>`);
}

/** In its last cipher value: that of the assertion, where the key comes first. */
function changedCipher(xml: string): string {
  return swap(
    xml,
    /[A-Za-z0-9+/]{12}(?=[A-Za-z0-9+/=\s]{0,8}<\/xenc:CipherValue>(?!.*CipherValue>))/,
    "AAAAAAAAAAAA",
  );
}

export const FORGERIES: Forgery[] = [
  ...each(MODES, SAID, "an assertion with", (edit) => ({
    make: (scene) => ({ assertion: (xml) => edit(xml, scene) }),
  })),
  ...each(MODES, AROUND, "an answer with", (edit) => ({
    make: (scene) => ({ response: (xml) => edit(xml, scene) }),
  })),
  ...each(MODES, SIGNED, "signed with", (signing) => ({
    make: async (scene) => ({ signing: await signing(scene) }),
  })),
  ...each(MODES, CHANGED, "changed to have", (edit) => ({
    make: (scene) => ({ afterwards: (xml) => edit(xml, scene) }),
  })),
  ...each(["response", "both"], WRAPPED_RESPONSE, "wrapped as", (edit) => ({
    make: (scene) => ({ afterwards: (xml) => edit(xml, scene) }),
  })),
  ...each(MODES, WRAPPED_ASSERTION, "wrapped as", (edit) => ({
    make: (scene) => ({ afterwards: (xml) => edit(xml, scene) }),
  })),
  ...PINNED,
  ...ENCRYPTED,
  { name: "signed by nobody", mode: "none", reason: "unsigned", make: () => ({}) },
];
