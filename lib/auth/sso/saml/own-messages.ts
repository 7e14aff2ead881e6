import { randomBytes } from "node:crypto";
import { SAML } from "@node-saml/node-saml";
import type { SamlSettings } from "../configuration.ts";
import type { ServiceProvider } from "./service-provider.ts";

type Speaker = { settings: SamlSettings; privateKey: string; ours: ServiceProvider; id: string };

/** An id that nobody can guess, and that may stand where XML wants a name. */
export function newMessageId(): string {
  return `_${randomBytes(20).toString("hex")}`;
}

/** What we say ourselves: node-saml writes and signs it. It verifies nothing for us (see README). */
export function speaker({ settings, privateKey, ours, id }: Speaker): SAML {
  return new SAML({
    issuer: ours.entityId,
    callbackUrl: ours.acsUrl,
    entryPoint: settings.ssoUrl,
    ...(settings.sloUrl !== undefined && { logoutUrl: settings.sloUrl }),
    idpCert: settings.certificates,
    privateKey,
    signatureAlgorithm: "sha256",
    digestAlgorithm: "sha256",
    identifierFormat: settings.nameIdFormat,
    // How somebody signs in there is the provider's own business.
    disableRequestedAuthnContext: true,
    authnRequestBinding: settings.ssoBinding === "post" ? "HTTP-POST" : "HTTP-Redirect",
    skipRequestCompression: settings.ssoBinding === "post",
    generateUniqueId: () => id,
  });
}

/**
 * An address of node-saml's with its parts as they were signed: it signs a space as `%20` and sends it as `+`, and a signature
 * covers the very characters.
 */
export function asSigned(address: string): string {
  const url = new URL(address);
  const parts = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join("="));
  return `${url.origin}${url.pathname}?${parts.join("&")}`;
}
