// A server as boot's, without the portal behind it: each answer names the process that gave it.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { drainable } from "#lib/boot/drain.ts";

const server = createServer(async (_request, response) => {
  await sleep(5);
  response.end(String(process.pid));
});
const drain = drainable(server, 8_000);
server.listen({ fd: Number(process.env.PORTAL_LISTEN_FD) });
process.once("SIGTERM", async () => {
  await drain();
  process.exit(0);
});
