import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { receiveMail } from "#lib/inbox/receive-mail.ts";

const { PORTAL_INBOX_DIR: directory, PORTAL_INBOX_PORT: port } = env();
if (!directory || !port) throw new Error("PORTAL_INBOX_DIR and PORTAL_INBOX_PORT are not set.");

const server = await receiveMail(directory, port);
log().info({ port }, "development inbox ready");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => server.close(() => process.exit(0)));
}
