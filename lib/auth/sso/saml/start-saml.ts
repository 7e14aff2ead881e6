import { withTenant } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { type Configured, secretOf } from "../configuration.ts";
import { beginFlow, type Flow } from "../flows.ts";
import { asSigned, newMessageId, speaker } from "./own-messages.ts";
import { relayStateOf } from "./relay-state.ts";
import { serviceProvider } from "./service-provider.ts";

type Wanted = { next: string; purpose: Flow["purpose"]; memberId?: string };

/** The token for the browser's cookie, and where the browser is to go, or what to post there. */
export type SamlStart = {
  token: string;
  leave: { location: string } | { post: string; fields: Record<string, string> };
};

/**
 * Begins a sign-in at a SAML provider: notes the request that its answer will have to name, and signs it (G2). The state that
 * goes along is bound to this browser's token, and is no address (SEC53).
 */
export async function startSaml(
  ctx: Context,
  { connection, configuration }: Configured,
  { next, purpose, memberId }: Wanted,
): Promise<SamlStart> {
  const { settings } = configuration;
  if (settings.kind !== "saml") throw new Error(`The connection ${connection.id} is no SAML connection.`);
  const requestId = newMessageId();
  const { token } = await withTenant(ctx.tenant.id, (db, now) =>
    beginFlow(db, now, {
      ...{ connectionId: connection.id, configurationId: configuration.id, purpose, next, requestId },
      ...(memberId !== undefined && { memberId }),
    }),
  );
  const ours = serviceProvider(ctx.tenant, connection.id);
  const saml = speaker({ settings, privateKey: secretOf(configuration), ours, id: requestId });
  const relayState = relayStateOf(token);
  if (settings.ssoBinding === "redirect")
    return {
      token,
      leave: { location: asSigned(await saml.getAuthorizeUrlAsync(relayState, undefined, {})) },
    };
  const fields = await saml.getAuthorizeMessageAsync(relayState, undefined, {});
  return { token, leave: { post: settings.ssoUrl, fields: asTexts(fields) } };
}

function asTexts(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}
