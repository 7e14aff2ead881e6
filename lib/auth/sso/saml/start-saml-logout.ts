import type { Context } from "#lib/core/context.ts";
import { secretOf } from "../configuration.ts";
import type { ProviderSession } from "../provider-sessions.ts";
import { asSigned, newMessageId, speaker } from "./own-messages.ts";
import { serviceProvider } from "./service-provider.ts";

/** Where a browser goes to end, at its provider too, the session that one of ours came from; undefined where that is not offered (G9). */
export async function startSamlLogout(
  { tenant }: Context,
  { session, configured }: ProviderSession,
): Promise<string | undefined> {
  const { connection, configuration } = configured;
  const { settings } = configuration;
  if (settings.kind !== "saml" || settings.sloUrl === undefined) return undefined;
  const ours = serviceProvider(tenant, connection.id);
  const saml = speaker({ settings, privateKey: secretOf(configuration), ours, id: newMessageId() });
  const { Format, NameQualifier, SPNameQualifier } = session.nameId ?? {};
  const whom = {
    issuer: settings.entityId,
    nameID: session.subject,
    nameIDFormat: Format ?? settings.nameIdFormat,
    ...(NameQualifier && { nameQualifier: NameQualifier }),
    ...(SPNameQualifier && { spNameQualifier: SPNameQualifier }),
    ...(session.providerSession && { sessionIndex: session.providerSession }),
  };
  return asSigned(await saml.getLogoutUrlAsync(whom, "", {}));
}
