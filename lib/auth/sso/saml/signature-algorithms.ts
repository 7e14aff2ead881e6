import { constants, createHash, createVerify, type KeyLike, type KeyObject } from "node:crypto";
import type { HashAlgorithm, SignatureAlgorithm } from "xml-crypto";

function digest(name: string, hash: string): [string, new () => HashAlgorithm] {
  return [
    name,
    class {
      getAlgorithmName = () => name;
      getHash = (xml: string) => createHash(hash).update(xml, "utf8").digest("base64");
    },
  ];
}

/** What a digest may be made by. */
export const DIGESTS = new Map([
  digest("http://www.w3.org/2001/04/xmlenc#sha256", "sha256"),
  digest("http://www.w3.org/2001/04/xmldsig-more#sha384", "sha384"),
  digest("http://www.w3.org/2001/04/xmlenc#sha512", "sha512"),
]);

type KeyUse = { type: "rsa" | "ec"; padding?: number; saltLength?: number; dsaEncoding?: "ieee-p1363" };

function signature(
  name: string,
  hash: string,
  { type, ...use }: KeyUse,
): [string, new () => SignatureAlgorithm] {
  return [
    name,
    class {
      getAlgorithmName = () => name;
      getSignature = () => {
        throw new Error("Nothing is signed here.");
      };
      verifySignature = (material: string, key: KeyLike, value: string) => {
        const { asymmetricKeyType } = key as KeyObject;
        if (asymmetricKeyType !== type) return false;
        return createVerify(hash)
          .update(material, "utf8")
          .verify({ key: key as KeyObject, ...use }, value, "base64");
      };
    },
  ];
}

const RSA: KeyUse = { type: "rsa" };
const RSA_PSS: KeyUse = {
  type: "rsa",
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
};
const EC: KeyUse = { type: "ec", dsaEncoding: "ieee-p1363" };

/** All that there is for signatures: no SHA-1, no MAC (SEC75). */
export const SIGNATURES = new Map([
  signature("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "sha256", RSA),
  signature("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "sha384", RSA),
  signature("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "sha512", RSA),
  signature("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", "sha256", RSA_PSS),
  signature("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "sha256", EC),
  signature("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "sha384", EC),
  signature("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", "sha512", EC),
]);
