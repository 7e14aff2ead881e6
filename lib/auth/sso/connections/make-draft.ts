import { type TenantDb, withTenant } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import {
  type ClaimNames,
  type Configuration,
  type Connection,
  type ConnectionSettings,
  type OidcSettings,
  secretOf,
} from "../configuration.ts";
import { makeOwnKey } from "../saml/own-key.ts";
import { configurationsOf, requireConnection } from "./find-connection.ts";
import type { OidcDraft, SamlDraft, SaveDraftInput } from "./input.ts";
import { oidcSettings } from "./oidc-draft.ts";
import { samlSettings } from "./saml-draft.ts";
import { usualClaims } from "./usual-claims.ts";

/** What a draft comes to, made outside a transaction: the provider may be asked, and a key takes its time. */
export type MadeDraft = {
  settings: ConnectionSettings;
  secret: string;
  /** The draft that it was made from, which must still be the one that is replaced. */
  over: string | undefined;
};

type Present = { connection: Connection; draft?: Configuration; serving?: Configuration; now: Date };

/** @throws DomainError not_found, conflict, invalid */
export async function makeDraft(ctx: Context, typed: SaveDraftInput): Promise<MadeDraft> {
  const present = await withTenant(ctx.tenant.id, (db, now) => readPresent(db, now, typed.connectionId));
  const { connection, draft } = present;
  if (connection.state === "retired") throw conflict("connectionId", "This connection is retired.");
  if (connection.kind !== typed.kind) throw invalid({ kind: ["This connection is of another kind."] });
  const made =
    typed.kind === "oidc" ? await ofOidc(typed, present) : await ofSaml(typed, present, ctx.tenant.name);
  return { ...made, over: draft?.id };
}

async function readPresent(db: TenantDb, now: Date, connectionId: string): Promise<Present> {
  const connection = await requireConnection(db, connectionId);
  return { connection, ...(await configurationsOf(db, connectionId)), now };
}

async function ofOidc(typed: OidcDraft, present: Present) {
  const settings = await oidcSettings(typed, claimsOf(typed, present.connection));
  return { settings, secret: typed.clientSecret || keptSecret(settings, present) };
}

/**
 * A secret that nobody types again goes to the provider that it was typed for, and to no other: whoever may change a
 * connection must not learn it by naming a server of their own (SEC72).
 */
function keptSecret(next: OidcSettings, present: Present): string {
  const kept = present.draft ?? present.serving;
  if (kept?.settings.kind !== "oidc") throw invalid({ clientSecret: ["Enter the client secret."] });
  const { issuer, tokenEndpoint } = kept.settings;
  if (issuer !== next.issuer || new URL(tokenEndpoint).origin !== new URL(next.tokenEndpoint).origin) {
    throw invalid({ clientSecret: ["The provider is another one now. Enter its client secret."] });
  }
  return secretOf(kept);
}

async function ofSaml(typed: SamlDraft, present: Present, firmName: string) {
  const { now, connection } = present;
  const before = present.draft ?? present.serving;
  const kept = before?.settings.kind === "saml" ? before.settings : undefined;
  const { certificate: ownCertificate, privateKey } =
    before && kept && !typed.renewKey
      ? { certificate: kept.ownCertificate, privateKey: secretOf(before) }
      : await makeOwnKey(now, firmName);
  const claims = claimsOf(typed, connection);
  const settings = samlSettings(typed, { claims, ownCertificate, now, kept });
  return { settings, secret: privateKey };
}

function claimsOf(typed: SaveDraftInput, connection: Connection): ClaimNames {
  const usual = usualClaims(connection);
  return {
    email: typed.emailClaim ?? usual.email,
    name: typed.nameClaim ?? usual.name,
    username: typed.usernameClaim ?? usual.username,
    groups: typed.groupsClaim ?? usual.groups,
  };
}
