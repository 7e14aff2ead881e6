import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider, { type Configuration } from "oidc-provider";
import { DEMO_CLIENT_ID, DEMO_PEOPLE } from "#db/seeds/demo-provider.ts";
import { randomToken } from "#lib/core/crypto.ts";
import { placeOfHost } from "#lib/tenancy/origin.ts";
import type { DemoProvider } from "../demo-providers.ts";
import { HTML, page, postedForm, signInPage } from "./sign-in-page.ts";

const INTERACTION = /^\/interaction\/([\w-]+)$/;

/** A provider of OpenID Connect for the demo, which lets every firm of this portal be its client (DEC18). */
export async function demoOidcProvider(issuer: string, clientSecret: string): Promise<DemoProvider> {
  const provider = new Provider(issuer, await configurationOf(clientSecret));
  const { Client } = provider as unknown as { Client: { prototype: Record<string, unknown> } };
  Client.prototype.redirectUriAllowed = isCallback;
  Client.prototype.postLogoutRedirectUriAllowed = isOfFirm;
  const answer = provider.callback();
  return (request, response) => {
    const interacts = INTERACTION.test((request.url ?? "").split("?")[0] ?? "");
    return interacts ? interact(provider, request, response) : answer(request, response);
  };
}

async function configurationOf(clientSecret: string): Promise<Configuration> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return {
    clients: [
      {
        client_id: DEMO_CLIENT_ID,
        client_secret: clientSecret,
        // Whatever firm it is: see isCallback.
        redirect_uris: ["http://firm.portal.localhost/api/auth/callback/connection"],
        post_logout_redirect_uris: ["http://firm.portal.localhost/"],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomToken()] },
    scopes: ["openid", "profile", "email"],
    claims: {
      openid: ["sub", "groups"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
    },
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `/oidc/interaction/${uid}` },
    findAccount,
    loadExistingGrant,
    renderError,
    ttl: { AccessToken: 600, Grant: 86_400, IdToken: 600, Interaction: 3600, Session: 86_400 },
  };
}

const isCallback = (uri: string) =>
  isOfFirm(uri) && /^\/api\/auth\/callback\/[\w-]+$/.test(new URL(uri).pathname);

/** Any firm of this very portal. */
function isOfFirm(uri: string): boolean {
  const place = URL.canParse(uri) ? placeOfHost(new URL(uri).host) : undefined;
  return place !== undefined && "slug" in place;
}

const findAccount: Configuration["findAccount"] = (_ctx, id) => {
  const person = DEMO_PEOPLE.find(({ subject }) => subject === id);
  if (!person) return undefined;
  const { subject: sub, name, email, groups } = person;
  return {
    accountId: sub,
    claims: () => ({ sub, name, email, groups, email_verified: true, preferred_username: sub }),
  };
};

/** Nobody is asked whether the portal may know them: that is what they came for. */
const loadExistingGrant: Configuration["loadExistingGrant"] = async ({ oidc }) => {
  const { client, session, provider } = oidc;
  if (!client || !session?.accountId) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid profile email");
  await grant.save();
  return grant;
};

async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") {
    const action = (request as { originalUrl?: string }).originalUrl ?? "";
    return void response.writeHead(200, HTML).end(signInPage(action.replace(/[^\w/-]/g, "")));
  }
  const accountId = (await postedForm(request)).get("person") ?? "";
  const result = DEMO_PEOPLE.some(({ subject }) => subject === accountId)
    ? { login: { accountId, remember: false } }
    : { error: "access_denied" };
  await provider.interactionFinished(request, response, result).catch(() => {
    response.writeHead(400, HTML).end(page("This sign-in is over", "<p>Begin again at the portal.</p>"));
  });
}

type Features = NonNullable<Configuration["features"]>;
type Logout = NonNullable<Features["rpInitiatedLogout"]>;

const logoutSource: Logout["logoutSource"] = (ctx, form) => {
  const button =
    '<button form="op.logoutForm" name="logout" value="yes" type="submit">Sign out here, too</button>';
  ctx.body = page("Demo identity provider", `${form}${button}`);
};

const postLogoutSuccessSource: Logout["postLogoutSuccessSource"] = (ctx) => {
  ctx.body = page("Demo identity provider", "<p>You are signed out here.</p>");
};

const renderError: Configuration["renderError"] = (ctx, { error }) => {
  ctx.type = "html";
  ctx.body = page("Demo identity provider", `<p>It refused: ${String(error).replace(/\W/g, " ")}.</p>`);
};
