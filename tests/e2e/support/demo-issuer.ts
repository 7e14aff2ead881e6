import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/** Where the provider of a story listens: the portal under test fetches from this place on loopback, and from no other. */
export const issuerOrigin = (): string => process.env.TEST_DEMO_ISSUER ?? "";

type Client = { clientId: string; clientSecret: string; redirectUri: string };

/**
 * A real identity provider with one client, as somebody registers it in its console. It asks for any name and password, and
 * whoever signs in is in one group.
 */
export async function aDemoIssuer({ clientId, clientSecret, redirectUri }: Client) {
  const origin = issuerOrigin();
  const provider = new Provider(origin, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({
        ...{ sub, email: `${sub}@provider.example`, email_verified: true },
        ...{ name: "Robin of the Provider", groups: ["editors"] },
      }),
    }),
  });
  const server = createServer(provider.callback());
  await new Promise<void>((listening) => server.listen(Number(new URL(origin).port), "127.0.0.1", listening));
  return {
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
