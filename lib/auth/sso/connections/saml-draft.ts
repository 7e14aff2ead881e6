import { type FieldErrors, invalid } from "#lib/core/errors.ts";
import { type ClaimNames, SamlSettings } from "../configuration.ts";
import { pemCertificate, readCertificate } from "../saml/certificates.ts";
import { isProviderUrl, type ProviderMetadata, readMetadata } from "../saml/read-metadata.ts";
import type { SamlDraft } from "./input.ts";

type Given = {
  claims: ClaimNames;
  ownCertificate: string;
  now: Date;
  /** What the provider has said of itself before: nothing pasted keeps it. */
  kept: ProviderMetadata | undefined;
};

/**
 * The settings of a SAML provider, from its pasted metadata or as they were typed.
 * @throws DomainError invalid, with what is wrong beside its field
 */
export function samlSettings(typed: SamlDraft, given: Given): SamlSettings {
  const { requireEncryption } = typed;
  const { claims, ownCertificate } = given;
  const provider = providerOf(typed, given);
  return SamlSettings.parse({ kind: "saml", ...provider, requireEncryption, claims, ownCertificate });
}

function providerOf(typed: SamlDraft, { now, kept }: Given): ProviderMetadata {
  if (typed.by === "hand") return byHand(typed, now);
  if (typed.metadata.trim() !== "") return readMetadata(typed.metadata, now);
  if (!kept) throw invalid({ metadata: ["Paste the metadata of your provider."] });
  return partsOf(kept);
}

function partsOf({ entityId, ssoUrl, ssoBinding, sloUrl, certificates, nameIdFormat }: ProviderMetadata) {
  return { entityId, ssoUrl, ssoBinding, certificates, nameIdFormat, ...(sloUrl && { sloUrl }) };
}

function byHand(typed: SamlDraft, now: Date): ProviderMetadata {
  const errors: FieldErrors = {};
  const { entityId, ssoUrl, ssoBinding, sloUrl } = typed;
  if (entityId === "") errors.entityId = ["Enter the entity ID of your provider."];
  if (!isProviderUrl(ssoUrl)) errors.ssoUrl = ["Enter an address that begins with https://."];
  if (sloUrl !== "" && !isProviderUrl(sloUrl)) {
    errors.sloUrl = ["Enter an address that begins with https://, or nothing."];
  }
  const certificates = pemsIn(typed.certificates);
  const trouble = troubleWith(certificates, now);
  if (trouble) errors.certificates = [trouble];
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return {
    ...{ entityId, ssoUrl, ssoBinding, certificates },
    nameIdFormat: typed.nameIdFormat || UNSPECIFIED,
    ...(sloUrl !== "" && { sloUrl }),
  };
}

const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/** As files hold them, one below the other, or one as the bare letters between its first and last line. */
function pemsIn(text: string): string[] {
  const framed = [...text.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g)];
  const bare = framed.length > 0 ? framed.map(([, base64 = ""]) => base64) : [text];
  return bare.filter((one) => one.trim() !== "").map(pemCertificate);
}

function troubleWith(pems: string[], now: Date): string | undefined {
  if (pems.length === 0) return "Paste the certificate that your provider signs with.";
  if (pems.length > 4) return "Paste at most four certificates.";
  const certificates = pems.map(readCertificate);
  if (certificates.some((one) => one === undefined)) return "One of these is not a certificate.";
  if (certificates.some((one) => one?.isWeak))
    return "One of these has a key that is too weak to be trusted.";
  if (!certificates.some((one) => one && one.validTo > now)) return "These certificates have run out.";
  return undefined;
}
