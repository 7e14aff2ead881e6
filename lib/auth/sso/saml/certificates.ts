import { type KeyObject, X509Certificate } from "node:crypto";

export type Certificate = {
  key: KeyObject;
  /** SHA-256 of the certificate, in hexadecimal. */
  fingerprint: string;
  validFrom: Date;
  validTo: Date;
  /** RSA under 2048 bits, or a kind of key that signs nothing here (SEC75). */
  isWeak: boolean;
};

/** What a certificate says, or undefined when it is none. Who has issued it does not matter: it is trusted because it is pinned. */
export function readCertificate(pem: string): Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const key = certificate.publicKey;
    return {
      key,
      fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
      validFrom: new Date(certificate.validFrom),
      validTo: new Date(certificate.validTo),
      isWeak: isWeak(key),
    };
  } catch {
    return undefined;
  }
}

const CURVES = new Set(["prime256v1", "secp384r1", "secp521r1"]);

function isWeak({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  if (asymmetricKeyType === "rsa") return (asymmetricKeyDetails.modulusLength ?? 0) < 2048;
  return asymmetricKeyType !== "ec" || !CURVES.has(asymmetricKeyDetails.namedCurve ?? "");
}

/** The base64 of a certificate, as metadata and key infos hold it. */
export function bareCertificate(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s+/g, "");
}

/** The same the other way round, in lines of 64. */
export function pemCertificate(base64: string): string {
  const lines = base64.replace(/\s+/g, "").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
