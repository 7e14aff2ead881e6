import type { Context } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { certificatesIn } from "../certificates/certificates-in.ts";
import type { Configuration, Connection } from "../configuration.ts";

type Configurations = Partial<Record<"draft" | "serving" | "former", Configuration>>;

/** A connection as its pages show it: no secret, sealed or not, leaves with it (SEC72). */
export function describeConnection(ctx: Context, connection: Connection, configurations: Configurations) {
  const { draft, serving, former } = configurations;
  return {
    connection,
    values: valuesOf(ctx, connection),
    draft: draft && withoutSecret(draft),
    serving: serving && withoutSecret(serving),
    former: former && withoutSecret(former),
  };
}

export type DescribedConnection = ReturnType<typeof describeConnection>;

function withoutSecret(configuration: Configuration) {
  const { id, role, settings, testedAt, servingSince, servesUntil, createdAt, successes, failures } =
    configuration;
  return {
    ...{ id, role, settings, testedAt, servingSince, servesUntil, createdAt, successes, failures },
    certificates: certificatesIn(settings),
  };
}

export type ConnectionValues =
  | { kind: "oidc"; redirectUri: string; backchannelLogoutUri: string; postLogoutUri: string }
  | { kind: "saml"; entityId: string; acsUrl: string; logoutUrl: string };

/** What has to be entered at the provider. It stays the same as long as the connection is there. */
export function valuesOf({ tenant }: Context, { id, kind }: Connection): ConnectionValues {
  const origin = firmOrigin(tenant.slug);
  if (kind === "oidc") {
    return {
      kind,
      redirectUri: `${origin}/api/auth/callback/${id}`,
      backchannelLogoutUri: `${origin}/api/auth/backchannel-logout/${id}`,
      postLogoutUri: `${origin}/sign-in`,
    };
  }
  const saml = `${origin}/api/saml/${id}`;
  return { kind, entityId: `${saml}/metadata`, acsUrl: `${saml}/acs`, logoutUrl: `${saml}/logout` };
}
