import { generate } from "selfsigned";
import { after, DAY } from "#lib/core/clock.ts";

/** Long enough to need no renewal of its own: what the provider trusts is the certificate that it was given, not a date. */
const OWN_CERTIFICATE_LASTS = 3652 * DAY;

export type OwnKey = { certificate: string; privateKey: string };

/**
 * A key of our own for a new SAML configuration, with the certificate that its provider gets: it signs requests and opens
 * encrypted assertions (G2). The key is sealed by whoever stores it (SEC72).
 */
export async function makeOwnKey(now: Date, firmName: string): Promise<OwnKey> {
  // A name of X.509 has 64 characters.
  const name = [{ name: "commonName", value: `${firmName.slice(0, 50)} single sign-on` }];
  const { cert, private: privateKey } = await generate(name, {
    keySize: 3072,
    algorithm: "sha256",
    notBeforeDate: after(now, -DAY),
    notAfterDate: after(now, OWN_CERTIFICATE_LASTS),
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true },
    ],
  });
  return { certificate: cert, privateKey };
}
