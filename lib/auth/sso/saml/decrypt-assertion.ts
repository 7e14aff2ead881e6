import { constants, createDecipheriv, privateDecrypt } from "node:crypto";
import {
  allBelow,
  attributeOf,
  childrenNamed,
  isNamed,
  onlyChild,
  optionalChild,
  textOf,
} from "./elements.ts";
import { DS, XENC } from "./names.ts";
import { refuse, SamlRefusal } from "./refusal.ts";

const XENC11 = "http://www.w3.org/2009/xmlenc11#";
const TAG_BYTES = 16;

type Cipher = { name: "aes-128-gcm" | "aes-256-gcm" | "aes-128-cbc" | "aes-256-cbc"; keyBytes: number };

/** CBC still, since most providers write nothing else: what it opens has to be signed, and each failure looks like any other. */
const CIPHERS: Record<string, Cipher> = {
  [`${XENC11}aes128-gcm`]: { name: "aes-128-gcm", keyBytes: 16 },
  [`${XENC11}aes256-gcm`]: { name: "aes-256-gcm", keyBytes: 32 },
  [`${XENC}aes128-cbc`]: { name: "aes-128-cbc", keyBytes: 16 },
  [`${XENC}aes256-cbc`]: { name: "aes-256-cbc", keyBytes: 32 },
};

/**
 * The text of an encrypted assertion, as its provider wrote it: it is read, and its signature verified, like any other. RSA
 * with OAEP alone; with the older padding, answers that differ would give the key away bit by bit.
 */
export function decryptAssertion(encrypted: Element, privateKey: string): string {
  const data = onlyChild(encrypted, XENC, "EncryptedData", "not_decrypted");
  const cipher = CIPHERS[algorithmOf(data)] ?? refuse("encryption_algorithm");
  const wrapped = wrappedKeyIn(encrypted);
  const oaepHash = oaepHashOf(wrapped);
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const key = privateDecrypt({ key: privateKey, padding, oaepHash }, cipherValueOf(wrapped));
    if (key.length !== cipher.keyBytes) refuse("not_decrypted");
    const plain = open(cipher, key, cipherValueOf(data));
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch (error) {
    if (error instanceof SamlRefusal) throw error;
    return refuse("not_decrypted");
  }
}

function open({ name }: Cipher, key: Buffer, bytes: Buffer): Buffer {
  if (name === "aes-128-cbc" || name === "aes-256-cbc") {
    const decipher = createDecipheriv(name, key, bytes.subarray(0, 16)).setAutoPadding(false);
    return withoutPadding(Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]));
  }
  const decipher = createDecipheriv(name, key, bytes.subarray(0, 12), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(12, -TAG_BYTES)), decipher.final()]);
}

/** The last byte says how many there are too many; the others are whatever the provider filled them with (XML Encryption 5.2). */
function withoutPadding(bytes: Buffer): Buffer {
  const count = bytes.at(-1) ?? 0;
  return count >= 1 && count <= 16 ? bytes.subarray(0, -count) : refuse("not_decrypted");
}

/** The one key: within the data, or beside it. */
function wrappedKeyIn(encrypted: Element): Element {
  const [key, second] = allBelow(encrypted).filter((element) => isNamed(element, XENC, "EncryptedKey"));
  return key && !second ? key : refuse("not_decrypted");
}

/** Node takes one hash for both parts of OAEP, so the two that a document names have to be the same. */
function oaepHashOf(key: Element): string {
  const method = onlyChild(key, XENC, "EncryptionMethod", "encryption_algorithm");
  const hash = hashNamedBy(optionalChild(method, DS, "DigestMethod", "encryption_algorithm"));
  const algorithm = attributeOf(method, "Algorithm");
  if (algorithm === `${XENC}rsa-oaep-mgf1p`) return hash === "sha1" ? hash : refuse("encryption_algorithm");
  if (algorithm !== `${XENC11}rsa-oaep`) return refuse("encryption_algorithm");
  const mask = hashNamedBy(optionalChild(method, XENC11, "MGF", "encryption_algorithm"));
  return mask === hash ? hash : refuse("encryption_algorithm");
}

function hashNamedBy(element: Element | undefined): string {
  const name = element && attributeOf(element, "Algorithm");
  if (name === undefined) return "sha1";
  return /[#](?:mgf1)?(sha1|sha256|sha384|sha512)$/.exec(name)?.[1] ?? refuse("encryption_algorithm");
}

function algorithmOf(data: Element): string {
  return attributeOf(onlyChild(data, XENC, "EncryptionMethod", "encryption_algorithm"), "Algorithm") ?? "";
}

function cipherValueOf(element: Element): Buffer {
  const [data] = childrenNamed(element, XENC, "CipherData");
  const value = data && optionalChild(data, XENC, "CipherValue", "not_decrypted");
  return value ? Buffer.from(textOf(value, "not_decrypted"), "base64") : refuse("not_decrypted");
}
