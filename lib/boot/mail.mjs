import { join } from "node:path";
import { dataDir } from "./paths.mjs";
import { freePort } from "./ports.mjs";

/** Where mail goes: the operator's server, else a receiver of our own on a free loopback port. */
export async function openMail(settings) {
  if (!settings.hasInbox) return { smtpUrl: process.env.SMTP_URL };
  const port = await freePort();
  return { smtpUrl: `smtp://127.0.0.1:${port}`, inbox: { port, dir: join(dataDir, "inbox") } };
}
