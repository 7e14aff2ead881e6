import * as z from "zod";
import { notFound } from "#lib/core/errors.ts";
import { markupText } from "#lib/core/markup.ts";
import { query } from "#lib/core/query.ts";
import { findUsable } from "../configuration.ts";
import { bareCertificate } from "./certificates.ts";
import { DS, MD, POST, REDIRECT, SAMLP, XENC } from "./names.ts";
import { type ServiceProvider, serviceProvider } from "./service-provider.ts";

/**
 * Our own metadata for one connection, as its provider's people read it: public by nature. Of a configuration that is tried and
 * one that serves it holds both certificates, so that a provider that reads it again knows the next one early (SEC81).
 */
export const describeServiceProvider = query({
  event: "service_provider",
  permission: "anyone",
  async run({ db, ctx }, connectionId: string): Promise<string> {
    if (!z.uuid().safeParse(connectionId).success) throw notFound();
    const usable = await findUsable(db, connectionId, ["serving", "draft", "former"]);
    const settings = usable.flatMap(({ configuration }) =>
      configuration.settings.kind === "saml" ? [configuration.settings] : [],
    );
    const [first] = settings;
    if (!first) throw notFound();
    const certificates = [...new Set(settings.map(({ ownCertificate }) => bareCertificate(ownCertificate)))];
    return metadataOf(serviceProvider(ctx.tenant, connectionId), certificates, first.nameIdFormat);
  },
});

function metadataOf(
  { entityId, acsUrl, logoutUrl }: ServiceProvider,
  certificates: string[],
  nameIdFormat: string,
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${MD}" xmlns:ds="${DS}" entityID="${markupText(entityId)}">
  <md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="${SAMLP}">
${certificates.map((certificate) => keyOf(certificate, "signing")).join("")}${certificates
  .map((certificate) => keyOf(certificate, "encryption"))
  .join("")}    <md:SingleLogoutService Binding="${REDIRECT}" Location="${markupText(logoutUrl)}"/>
    <md:SingleLogoutService Binding="${POST}" Location="${markupText(logoutUrl)}"/>
    <md:NameIDFormat>${markupText(nameIdFormat)}</md:NameIDFormat>
    <md:AssertionConsumerService index="0" isDefault="true" Binding="${POST}" Location="${markupText(acsUrl)}"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
`;
}

/** The strongest first: providers take the first that they know. */
const ENCRYPTION = [
  "http://www.w3.org/2009/xmlenc11#aes256-gcm",
  "http://www.w3.org/2009/xmlenc11#aes128-gcm",
  `${XENC}aes256-cbc`,
  `${XENC}rsa-oaep-mgf1p`,
];

function keyOf(certificate: string, use: "signing" | "encryption"): string {
  const methods = use === "encryption" ? ENCRYPTION : [];
  return `    <md:KeyDescriptor use="${use}">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
${methods.map((method) => `      <md:EncryptionMethod Algorithm="${method}"/>\n`).join("")}    </md:KeyDescriptor>
`;
}
