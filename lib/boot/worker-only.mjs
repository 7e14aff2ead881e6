import { childEnvironment } from "./environment.mjs";
import { startFamily } from "./family.mjs";
import { openMail } from "./mail.mjs";
import { prepare } from "./prepare.mjs";
import { runningPortal } from "./running.mjs";
import { portalKeys, requireProductionSecrets } from "./secrets.mjs";
import { decideInbox, settingsOfOthers } from "./settings.mjs";
import { untilStopped } from "./shutdown.mjs";

/** Runs a job worker and nothing that serves, beside a portal on this or another machine. */
export async function runWorker() {
  requireProductionSecrets();
  portalKeys();
  const running = runningPortal();
  const settings = settingsOfOthers("production", running);
  const hasInbox = !running?.smtpUrl && decideInbox(settings.portalUrl);
  const prepared = await prepare();
  const family = startFamily();
  try {
    const mail = running?.smtpUrl ? { smtpUrl: running.smtpUrl } : await openMail({ hasInbox });
    const env = childEnvironment(settings, prepared.database, mail);
    if (mail.inbox) family.add({ name: "inbox", program: prepared.programOf("inbox"), env });
    family.add({ name: "worker", program: prepared.programOf("worker"), env });
    await untilStopped();
  } finally {
    await family.stop();
    await prepared.database.close();
  }
}
