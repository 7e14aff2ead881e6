import { and, eq, inArray } from "drizzle-orm";
import * as z from "zod";
import { connectionConfigurations, connections } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { newestKey, seal, unseal } from "#lib/core/crypto.ts";

/** How the provider calls what a profile is made of: claims of OIDC, attributes of SAML. An empty one is not read. */
export const ClaimNames = z.object({
  email: z.string().max(200).default("email"),
  name: z.string().max(200).default("name"),
  username: z.string().max(200).default(""),
  groups: z.string().max(200).default("groups"),
});

export const OIDC_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;

const Url = z.url().max(2000);

export const OidcSettings = z.object({
  kind: z.literal("oidc"),
  issuer: Url,
  clientId: z.string().min(1).max(200),
  tokenAuth: z.enum(["client_secret_basic", "client_secret_post"]).default("client_secret_basic"),
  scopes: z.array(z.string().max(100)).max(20).default(["openid", "profile", "email"]),
  authorizationEndpoint: Url,
  tokenEndpoint: Url,
  jwksUri: Url,
  userinfoEndpoint: Url.optional(),
  endSessionEndpoint: Url.optional(),
  /** Whether the provider has said that its answers carry `iss` (RFC 9207): then one without it is refused. */
  issInAnswers: z.boolean().default(false),
  algorithms: z.array(z.enum(OIDC_ALGORITHMS)).min(1).default(["RS256"]),
  claims: ClaimNames,
});

export const SamlSettings = z.object({
  kind: z.literal("saml"),
  /** The provider's entityID. */
  entityId: z.string().min(1).max(1024),
  ssoUrl: Url,
  ssoBinding: z.enum(["redirect", "post"]).default("redirect"),
  sloUrl: Url.optional(),
  /** What the provider signs with, PEM: one, or two while one takes the other's place (SEC81). */
  certificates: z.array(z.string().max(10_000)).min(1).max(4),
  /** Our own, PEM, whose private key is the sealed secret: for metadata, signed requests and encrypted assertions. */
  ownCertificate: z.string().max(10_000),
  requireEncryption: z.boolean().default(false),
  nameIdFormat: z.string().max(200).default("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
  claims: ClaimNames,
});

export const ConnectionSettings = z.discriminatedUnion("kind", [OidcSettings, SamlSettings]);

export type ClaimNames = z.output<typeof ClaimNames>;
export type OidcSettings = z.output<typeof OidcSettings>;
export type SamlSettings = z.output<typeof SamlSettings>;
export type ConnectionSettings = z.output<typeof ConnectionSettings>;

export type Connection = typeof connections.$inferSelect;

/** A configuration with its settings read. The secret stays sealed until `secretOf` is asked for it. */
export type Configuration = Omit<typeof connectionConfigurations.$inferSelect, "settings"> & {
  settings: ConnectionSettings;
};

/** A connection with one of its configurations. */
export type Configured = { connection: Connection; configuration: Configuration };

/** The connection with the configuration that signs people in; undefined unless it is live. */
export async function findServing(db: TenantDb, connectionId: string): Promise<Configured | undefined> {
  const [serving] = await findUsable(db, connectionId, ["serving"]);
  return serving?.connection.state === "live" ? serving : undefined;
}

/** A connection's configurations in these roles. */
export async function findUsable(
  db: TenantDb,
  connectionId: string,
  roles: ReadonlyArray<Configuration["role"]>,
): Promise<Configured[]> {
  const rows = await db
    .select({ connection: connections, configuration: connectionConfigurations })
    .from(connections)
    .innerJoin(connectionConfigurations, eq(connectionConfigurations.connectionId, connections.id))
    .where(and(eq(connections.id, connectionId), inArray(connectionConfigurations.role, [...roles])));
  return rows.map(({ connection, configuration }) => ({
    connection,
    configuration: withSettings(configuration),
  }));
}

/** One configuration, whatever its role. */
export async function findConfiguration(
  db: TenantDb,
  { connectionId, configurationId }: { connectionId: string; configurationId: string },
): Promise<Configured | undefined> {
  const [row] = await db
    .select({ connection: connections, configuration: connectionConfigurations })
    .from(connections)
    .innerJoin(connectionConfigurations, eq(connectionConfigurations.connectionId, connections.id))
    .where(and(eq(connections.id, connectionId), eq(connectionConfigurations.id, configurationId)));
  return row && { connection: row.connection, configuration: withSettings(row.configuration) };
}

export function withSettings(row: typeof connectionConfigurations.$inferSelect): Configuration {
  return { ...row, settings: ConnectionSettings.parse(row.settings) };
}

type Row = { tenantId: string; id: string };

/** A secret sealed for its configuration's row, with the id of the key: nobody reads it out of another one. */
export function sealSecret(row: Row, secret: string): { sealedSecret: string; keyId: string } {
  return {
    sealedSecret: seal("connection-secret", placeOfSecret(row), secret),
    keyId: newestKey("connection-secret").id,
  };
}

/** The client's secret, or the private key. Throws when its key is gone. */
export function secretOf({ tenantId, id, sealedSecret }: Row & { sealedSecret: string | null }): string {
  if (sealedSecret === null) throw new Error(`The configuration ${id} has no secret.`);
  return unseal("connection-secret", placeOfSecret({ tenantId, id }), sealedSecret);
}

export function placeOfSecret({ tenantId, id }: Row): string {
  return `${tenantId}:connection_configurations:${id}`;
}
