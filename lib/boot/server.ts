import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import next from "next";
import { closeDatabase } from "#db/client.ts";
import { dummyHash } from "#lib/auth/password/hash-password.ts";
import { startHashProcesses } from "#lib/auth/password/hash-processes.ts";
import { installHasher } from "#lib/auth/password/hasher.ts";
import { SECOND } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { answerRequest, type Handler } from "./front/answer-request.ts";

const { HOST: hostname, PORT: port, NODE_ENV, PORTAL_HASHERS } = env();
installHasher(startHashProcesses(fileURLToPath(new URL("./hasher.mjs", import.meta.url)), PORTAL_HASHERS));
const app = next({ dev: NODE_ENV === "development", hostname, port });
await app.prepare();
await dummyHash();

const pages = app.getRequestHandler();
const handler: Handler = (request, response) => pages(request, response);
const server = createServer(
  { requestTimeout: 30 * SECOND, headersTimeout: 10 * SECOND },
  (request, response) => {
    void answerRequest(handler, request, response);
  },
);
if (NODE_ENV === "development") server.on("upgrade", app.getUpgradeHandler());
// Nothing here speaks another protocol, and Next's own listener leaves what it does not know open for ever.
else server.on("upgrade", (_request, socket) => socket.destroy());

server.on("error", (error) => {
  log().fatal({ err: error }, "The server cannot listen. Free the port, or choose another one by PORT.");
  process.exit(1);
});
server.listen(port, hostname, () => log().info({ hostname, port }, "server ready"));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(async () => {
      await closeDatabase();
      process.exit(0);
    });
    server.closeIdleConnections();
  });
}
