import { verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import type { RunContext } from "#lib/core/command.ts";
import type { PasskeyAttestation } from "./input.ts";
import { ALGORITHMS } from "./passkey-options.ts";
import { relyingPartyOf } from "./passkeys.ts";

export type NewCredential = {
  credentialId: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  aaguid: string;
  backupEligible: boolean;
  backedUp: boolean;
};

/** 1023 bytes (WebAuthn 6.1). */
const MAX_ID_BYTES = 1023;

/** The credential that an authenticator has made, where all of it is as it has to be. Its challenge is judged elsewhere. */
export async function verifyRegistration(
  { tenant }: Pick<RunContext, "tenant">,
  { id, response, clientData }: PasskeyAttestation,
): Promise<NewCredential | undefined> {
  const { rpId, origin } = relyingPartyOf(tenant.slug);
  try {
    if (clientData.crossOrigin || !isSelfMade(response.attestationObject)) return undefined;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { id, rawId: id, response, type: "public-key", clientExtensionResults: {} },
      expectedChallenge: clientData.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified) return undefined;
    const { credential, credentialDeviceType, credentialBackedUp: backedUp, aaguid } = registrationInfo;
    // What was signed counts, not what the browser says beside it.
    if (credential.id !== id || Buffer.from(id, "base64url").length > MAX_ID_BYTES) return undefined;
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: response.transports ?? [],
      aaguid,
      backupEligible: credentialDeviceType === "multiDevice",
      backedUp,
    };
  } catch {
    // The library throws for each thing that is not as it has to be, and for what it cannot read.
    return undefined;
  }
}

/**
 * Whether nobody but the key itself vouches for it. No attestation is asked for; a certificate that comes all the same would
 * be judged by roots of its own choosing (INC31), and its lists of revoked ones be fetched.
 */
function isSelfMade(attestationObject: string): boolean {
  const attestation = decodeAttestationObject(Uint8Array.from(Buffer.from(attestationObject, "base64url")));
  const format = attestation.get("fmt");
  return format === "none" || (format === "packed" && attestation.get("attStmt").get("x5c") === undefined);
}
