import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { demoOidcProvider } from "./demo/oidc-provider.ts";
import { demoSamlKey } from "./demo/saml-key.ts";
import { demoSamlProvider } from "./demo/saml-provider.ts";

/** Answers a request whose path begins with its prefix; the rest of the path is in `url`, the whole in `originalUrl`. */
export type DemoProvider = (request: IncomingMessage, response: ServerResponse) => unknown;

const [origin] = env().PORTAL_DEMO_ISSUERS;
const secret = env().PORTAL_DEMO_CLIENT_SECRET;
if (!origin || !secret) throw new Error("PORTAL_DEMO_ISSUERS and PORTAL_DEMO_CLIENT_SECRET are not set.");

// What they warn of are matters of production, which this never is.
console.warn = () => undefined;

/** One server for all of them. */
const PROVIDERS: Record<string, DemoProvider> = {
  "/oidc": await demoOidcProvider(`${origin}/oidc`, secret),
  "/saml": demoSamlProvider(origin, await demoSamlKey(new Date())),
};

const server = createServer((request: IncomingMessage & { originalUrl?: string }, response) => {
  const url = request.url ?? "/";
  const prefix = Object.keys(PROVIDERS).find((one) => url.startsWith(`${one}/`));
  const answer = prefix && PROVIDERS[prefix];
  if (!answer)
    return void response.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.");
  request.originalUrl = url;
  request.url = url.slice(prefix.length);
  answer(request, response);
});

server.listen(Number(new URL(origin).port), "127.0.0.1", () =>
  log().info({ origin }, "demo providers ready"),
);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
