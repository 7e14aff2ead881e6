import { createSign, randomBytes, X509Certificate } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { generate } from "selfsigned";
import { type SignatureAlgorithm, SignedXml } from "xml-crypto";
import { encrypt } from "xml-encryption";
import { after, DAY, MINUTE } from "#lib/core/clock.ts";

/** A SAML identity provider of the tests: it writes answers as real ones do, and whatever it is told to besides. */
export type SamlProvider = { entityId: string; key: string; certificate: string };

type KeyWanted = { type?: "rsa" | "ec"; bits?: number; from?: Date; until?: Date };

const keys = new Map<string, Promise<{ key: string; certificate: string }>>();

/** A key pair with its certificate, made once for each name in a process: a key takes longer than a test. */
export function samlKey(name: string, wanted: KeyWanted = {}): Promise<{ key: string; certificate: string }> {
  const known = keys.get(name) ?? makeKey(wanted);
  keys.set(name, known);
  return known;
}

async function makeKey({ type = "rsa", bits = 2048, from, until }: KeyWanted) {
  const now = new Date();
  const { private: key, cert } = await generate([{ name: "commonName", value: "A provider" }], {
    keyType: type,
    keySize: bits,
    algorithm: "sha256",
    notBeforeDate: from ?? after(now, -DAY),
    notAfterDate: until ?? after(now, 365 * DAY),
  });
  return { key, certificate: cert };
}

export async function aSamlProvider(
  entityId = "https://idp.example/metadata",
  keyName = "first",
): Promise<SamlProvider> {
  return { entityId, ...(await samlKey(keyName)) };
}

/** Whom an answer is for, and what it answers. */
export type SamlScene = {
  provider: SamlProvider;
  audience: string;
  acsUrl: string;
  requestId: string | undefined;
  now: Date;
};

export type SignatureMode = "response" | "assertion" | "both" | "none";

export type Signing = {
  key: string;
  certificate: string;
  algorithm: string;
  digest: string;
  canonicalization: string;
  transforms: string[];
  /** How the signature's own elements are called, and which prefixes it takes along. */
  prefix?: string;
  prefixList?: string[];
};

export type Wanted = {
  mode?: SignatureMode;
  subject?: string;
  attributes?: Record<string, string[]>;
  /** What is done to the assertion before it is signed, and to the answer around it. */
  assertion?: (xml: string) => string;
  response?: (xml: string) => string;
  /** And what after, by somebody who has no key. */
  afterwards?: (xml: string) => string;
  signing?: Partial<Signing>;
  /** The certificate of whoever may read it, and how. */
  encryptFor?: { certificate: string; method?: string; keyMethod?: string };
};

export const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
export const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
export const EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
export const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/** The XML of an answer. Without a wish it is an honest one, with answer and assertion signed. */
export async function samlAnswer(scene: SamlScene, wanted: Wanted = {}): Promise<string> {
  const { mode = "both", afterwards = same } = wanted;
  const { key, certificate } = scene.provider;
  const signing: Signing = { ...DEFAULT_SIGNING, key, certificate, ...wanted.signing };
  let assertion = (wanted.assertion ?? same)(assertionXml(scene, wanted));
  if (mode === "assertion" || mode === "both") assertion = signElement(assertion, "Assertion", signing);
  if (wanted.encryptFor) assertion = await encrypted(assertion, wanted.encryptFor);
  let response = (wanted.response ?? same)(responseXml(scene, assertion));
  if (mode === "response" || mode === "both") response = signElement(response, "Response", signing);
  return afterwards(response);
}

/** As the browser posts it. */
export function posted(xml: string): string {
  return Buffer.from(xml, "utf8").toString("base64");
}

const same = (xml: string) => xml;

export const DEFAULT_SIGNING = {
  algorithm: RSA_SHA256,
  digest: SHA256,
  canonicalization: EXC_C14N,
  transforms: [ENVELOPED, EXC_C14N],
};

export function newId(): string {
  return `_${randomBytes(16).toString("hex")}`;
}

function instant(date: Date): string {
  return date.toISOString();
}

function responseXml({ provider, acsUrl, requestId, now }: SamlScene, assertion: string): string {
  const asked = requestId === undefined ? "" : ` InResponseTo="${requestId}"`;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${newId()}" Version="2.0" IssueInstant="${instant(now)}" Destination="${acsUrl}"${asked}><saml:Issuer>${provider.entityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${assertion}</samlp:Response>`;
}

function assertionXml(scene: SamlScene, { subject = "upstream-1", attributes = DEFAULT_ATTRIBUTES }: Wanted) {
  const { provider, acsUrl, audience, requestId, now } = scene;
  const asked = requestId === undefined ? "" : ` InResponseTo="${requestId}"`;
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="${newId()}" Version="2.0" IssueInstant="${instant(now)}"><saml:Issuer>${provider.entityId}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${instant(after(now, 5 * MINUTE))}" Recipient="${acsUrl}"${asked}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${instant(after(now, -MINUTE))}" NotOnOrAfter="${instant(after(now, 5 * MINUTE))}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${instant(now)}" SessionIndex="${newId()}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>${attributeStatement(attributes)}</saml:Assertion>`;
}

const DEFAULT_ATTRIBUTES = { email: ["robin@firm.example"], name: ["Robin Upstream"], groups: ["staff"] };

function attributeStatement(attributes: Record<string, string[]>): string {
  const all = Object.entries(attributes).map(([name, values]) => attributeXml(name, values));
  return all.length === 0 ? "" : `<saml:AttributeStatement>${all.join("")}</saml:AttributeStatement>`;
}

export function attributeXml(name: string, values: string[]): string {
  const inner = values.map(
    (value) => `<saml:AttributeValue xsi:type="xs:string">${value}</saml:AttributeValue>`,
  );
  return `<saml:Attribute Name="${name}">${inner.join("")}</saml:Attribute>`;
}

/** Signs the first element of this name, and puts the signature behind its issuer. */
export function signElement(xml: string, name: string, signing: Signing): string {
  const { key, certificate, algorithm, digest, canonicalization, transforms } = signing;
  const { prefix = "ds", prefixList = [] } = signing;
  const signed = new SignedXml({
    privateKey: key,
    publicCert: certificate,
    signatureAlgorithm: algorithm,
    canonicalizationAlgorithm: canonicalization,
  });
  if (algorithm.endsWith("hmac-sha1")) signed.enableHMAC();
  for (const [uri, hash, isEc] of MORE_ALGORITHMS) signed.SignatureAlgorithms[uri] = signer(uri, hash, isEc);
  const xpath = `//*[local-name(.)='${name}']`;
  signed.addReference({
    ...{ xpath, transforms, digestAlgorithm: digest },
    inclusiveNamespacesPrefixList: prefixList,
  });
  const reference = `${xpath}/*[local-name(.)='Issuer' or local-name(.)='Subject' or local-name(.)='Status'][1]`;
  signed.computeSignature(xml, { prefix, location: { reference, action: "after" } });
  return signed.getSignedXml();
}

const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const MORE_ALGORITHMS = [
  [`${MORE}rsa-sha384`, "sha384", false],
  [`${MORE}ecdsa-sha256`, "sha256", true],
  [`${MORE}ecdsa-sha1`, "sha1", true],
] as const;

function signer(uri: string, hash: string, isEc: boolean): new () => SignatureAlgorithm {
  return class {
    getAlgorithmName = () => uri;
    getSignature = (info: unknown, key: unknown) => {
      const encoding = isEc ? { dsaEncoding: "ieee-p1363" as const } : {};
      return createSign(hash)
        .update(String(info))
        .sign({ key: String(key), ...encoding }, "base64");
    };
    verifySignature = () => false;
  } as unknown as new () => SignatureAlgorithm;
}

async function encrypted(
  assertion: string,
  { certificate, method, keyMethod }: NonNullable<Wanted["encryptFor"]>,
) {
  const options = {
    rsa_pub: new X509Certificate(certificate).publicKey.export({ type: "spki", format: "pem" }),
    pem: certificate,
    encryptionAlgorithm: method ?? "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    keyEncryptionAlgorithm: keyMethod ?? "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
    disallowEncryptionWithInsecureAlgorithm: false,
    warnInsecureAlgorithm: false,
  };
  const data = await new Promise<string>((resolve, reject) => {
    encrypt(assertion, options as never, (error: Error | null, result?: string) =>
      error ? reject(error) : resolve(result ?? ""),
    );
  });
  return `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${data}</saml:EncryptedAssertion>`;
}

type Logout = {
  name?: "LogoutRequest" | "LogoutResponse";
  subject?: string;
  sessions?: string[];
  destination: string;
};

/** What the provider writes when somebody signs out there, or has. */
export function logoutXml(
  { provider, now }: Pick<SamlScene, "provider" | "now">,
  { name = "LogoutRequest", subject = "upstream-1", sessions = [], destination }: Logout,
): string {
  const indexes = sessions.map((index) => `<samlp:SessionIndex>${index}</samlp:SessionIndex>`).join("");
  const inner =
    name === "LogoutRequest"
      ? `<saml:NameID>${subject}</saml:NameID>${indexes}`
      : '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>';
  return `<samlp:${name} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${newId()}" Version="2.0" IssueInstant="${instant(now)}" Destination="${destination}"><saml:Issuer>${provider.entityId}</saml:Issuer>${inner}</samlp:${name}>`;
}

/** Signed within, for a form. */
export function signedWithin(
  xml: string,
  { key, certificate }: SamlProvider,
  changes: Partial<Signing> = {},
): string {
  const name = xml.includes("LogoutRequest") ? "LogoutRequest" : "LogoutResponse";
  return signElement(xml, name, { ...DEFAULT_SIGNING, key, certificate, ...changes });
}

/** Signed beside, for an address. */
export function signedQuery(
  xml: string,
  { key }: SamlProvider,
  relayState?: string,
  algorithm = RSA_SHA256,
): string {
  const parts = [
    `${xml.includes("LogoutRequest") ? "SAMLRequest" : "SAMLResponse"}=${encodeURIComponent(deflateRawSync(xml).toString("base64"))}`,
    ...(relayState === undefined ? [] : [`RelayState=${encodeURIComponent(relayState)}`]),
    `SigAlg=${encodeURIComponent(algorithm)}`,
  ];
  const hash = algorithm.endsWith("sha1") ? "sha1" : "sha256";
  const signature = createSign(hash).update(parts.join("&")).sign(key, "base64");
  return `?${parts.join("&")}&Signature=${encodeURIComponent(signature)}`;
}
