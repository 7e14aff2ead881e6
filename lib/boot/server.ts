import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import next from "next";
import { closeDatabase } from "#db/client.ts";
import { dummyHash } from "#lib/auth/password/hash-password.ts";
import { startHashProcesses } from "#lib/auth/password/hash-processes.ts";
import { installHasher } from "#lib/auth/password/hasher.ts";
import { SECOND } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { hearOfChanges } from "#lib/tenancy/hear-of-changes.ts";
import { CONNECTION_TIMES } from "./connection-times.ts";
import { drainable } from "./drain.ts";
import { answerRequest, type Handler } from "./front/answer-request.ts";

const { HOST: hostname, PORT: port, NODE_ENV, PORTAL_DIST_DIR, PORTAL_HASHERS, PORTAL_LISTEN_FD } = env();
installHasher(startHashProcesses(fileURLToPath(new URL("./hasher.mjs", import.meta.url)), PORTAL_HASHERS));
// As Next tells its standalone servers. To read next.config.ts again it would load its compiler, and keep it (PERF12).
if (NODE_ENV === "production") {
  const { config } = JSON.parse(readFileSync(join(PORTAL_DIST_DIR, "required-server-files.json"), "utf8"));
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
}
const app = next({ dev: NODE_ENV === "development", hostname, port });
await app.prepare();
await dummyHash();
const changes = hearOfChanges();

const pages = app.getRequestHandler();
const handler: Handler = (request, response) => pages(request, response);
const server = createServer(CONNECTION_TIMES, (request, response) => {
  void answerRequest(handler, request, response);
});
// What a development page keeps open never ends by itself.
const drain = drainable(server, NODE_ENV === "development" ? 1 * SECOND : 8 * SECOND);
if (NODE_ENV === "development") server.on("upgrade", app.getUpgradeHandler());
// Nothing here speaks another protocol, and Next's own listener leaves what it does not know open for ever.
else server.on("upgrade", (_request, socket) => socket.destroy());

server.on("error", (error) => {
  log().fatal({ err: error }, "The server cannot listen. Free the port, or choose another one by PORT.");
  process.exit(1);
});
const place = PORTAL_LISTEN_FD === undefined ? { host: hostname, port } : { fd: PORTAL_LISTEN_FD };
server.listen(place, () => log().info({ hostname, port }, "server ready"));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await drain();
    await changes.stop();
    await closeDatabase();
    process.exit(0);
  });
}
