import type { KeyObject } from "node:crypto";
import { SignedXml } from "xml-crypto";
import { readCertificate } from "./certificates.ts";
import { attributeOf, childrenNamed, childrenOf, isNamed, onlyChild } from "./elements.ts";
import { DS, ENVELOPED, EXCLUSIVE_C14N } from "./names.ts";
import { readXml, type Xml } from "./read-xml.ts";
import { refuse } from "./refusal.ts";
import { DIGESTS, SIGNATURES } from "./signature-algorithms.ts";

/** Who may sign, and when that is asked. */
export type Pinned = { certificates: readonly string[]; now: Date };

/** The signature that is a direct child of an element; undefined where it has none. */
export function signatureOf(element: Element): Element | undefined {
  const [signature, second] = childrenNamed(element, DS, "Signature");
  return second ? refuse("several_signatures") : signature;
}

/**
 * What an element's own signature covers, read anew from the very bytes that were digested: whoever goes on with it sees what
 * was signed, and nothing beside it (SEC73). The key is a pinned certificate's, whatever the document says of keys (SEC75).
 */
export function verifiedElement({ text }: Xml, element: Element, pinned: Pinned): Xml {
  const signature = signatureOf(element) ?? refuse("unsigned");
  requireShape(signature, element);
  const bytes = signedBytes(text, signature, pinned);
  const verified = readXml(bytes);
  const same = isNamed(verified.root, element.namespaceURI ?? "", element.localName);
  if (!same || attributeOf(verified.root, "ID") !== attributeOf(element, "ID")) refuse("foreign_reference");
  return verified;
}

/** One reference, to the parent, by the two transforms that SAML names; no object that could hold another (SAML Core 5.4). */
function requireShape(signature: Element, parent: Element): void {
  const parts = childrenOf(signature).map(({ localName }) => localName);
  if (!/^SignedInfo,SignatureValue(?:,KeyInfo)?$/.test(parts.join())) refuse("signature_shape");
  const signedInfo = onlyChild(signature, DS, "SignedInfo", "signature_shape");
  onlyChild(signature, DS, "SignatureValue", "signature_shape");
  const canonical = onlyChild(signedInfo, DS, "CanonicalizationMethod", "signature_shape");
  if (attributeOf(canonical, "Algorithm") !== EXCLUSIVE_C14N) refuse("canonicalization");
  const method = onlyChild(signedInfo, DS, "SignatureMethod", "signature_shape");
  if (!SIGNATURES.has(attributeOf(method, "Algorithm") ?? "")) refuse("signature_algorithm");
  if (childrenNamed(signedInfo, DS, "Reference").length > 1) refuse("several_references");
  if (childrenOf(signedInfo).length !== 3) refuse("signature_shape");
  requireReference(onlyChild(signedInfo, DS, "Reference", "signature_shape"), parent);
}

function requireReference(reference: Element, parent: Element): void {
  const id = attributeOf(parent, "ID");
  if (!id || attributeOf(reference, "URI") !== `#${id}`) refuse("foreign_reference");
  const transforms = onlyChild(reference, DS, "Transforms", "transforms");
  const names = childrenOf(transforms).map((transform) =>
    isNamed(transform, DS, "Transform") ? attributeOf(transform, "Algorithm") : undefined,
  );
  if (names.join() !== TRANSFORMS.join()) refuse("transforms");
  const digest = onlyChild(reference, DS, "DigestMethod", "signature_shape");
  if (!DIGESTS.has(attributeOf(digest, "Algorithm") ?? "")) refuse("digest_algorithm");
  onlyChild(reference, DS, "DigestValue", "signature_shape");
  if (childrenOf(reference).length !== 3) refuse("signature_shape");
}

function signedBytes(text: string, signature: Element, pinned: Pinned): string {
  return firstThatHolds(pinned, (key) => bytesSignedBy(key, text, signature));
}

/** What one of the pinned keys proves. One that is too weak, or has run out, proves nothing, and that is said (SEC75, SEC81). */
export function firstThatHolds<T>(
  { certificates, now }: Pinned,
  prove: (key: KeyObject) => T | undefined,
): T {
  for (const pem of certificates) {
    const certificate = readCertificate(pem);
    const proven = certificate && prove(certificate.key);
    if (proven === undefined) continue;
    if (certificate?.isWeak) refuse("weak_key");
    if (certificate && certificate.validTo <= now) refuse("certificate_expired");
    return proven;
  }
  return refuse("unknown_signature");
}

/** Undefined where it is not this key's. */
function bytesSignedBy(key: KeyObject, text: string, signature: Element): string | undefined {
  const signed = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null });
  // What is not in these lists does not exist: no SHA-1, no HMAC, no transform that runs anything.
  signed.SignatureAlgorithms = Object.fromEntries(SIGNATURES);
  signed.HashAlgorithms = Object.fromEntries(DIGESTS);
  signed.CanonicalizationAlgorithms = Object.fromEntries(
    Object.entries(signed.CanonicalizationAlgorithms).filter(([name]) => TRANSFORMS.includes(name)),
  );
  signed.loadSignature(signature);
  if (!isGenuine(signed, text)) return undefined;
  const [bytes, second] = signed.getSignedReferences();
  return bytes !== undefined && second === undefined ? bytes : refuse("several_references");
}

/** A digest that does not fit makes it false; a signature value that does not, makes it throw. */
function isGenuine(signed: SignedXml, text: string): boolean {
  let isWhole: boolean;
  try {
    isWhole = signed.checkSignature(text);
  } catch {
    return false;
  }
  return isWhole || refuse("digest_mismatch");
}

const TRANSFORMS = [ENVELOPED, EXCLUSIVE_C14N];
