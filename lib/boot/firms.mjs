import { childEnvironment } from "./environment.mjs";
import { openMail } from "./mail.mjs";
import { keepOutputClean } from "./output.mjs";
import { prepare } from "./prepare.mjs";
import { runNode } from "./run.mjs";
import { runningPortal } from "./running.mjs";
import { portalKeys, requireProductionSecrets } from "./secrets.mjs";
import { decideInbox, settingsOfOthers } from "./settings.mjs";

/** Hands the rest of the command line to the program that looks after firms. @returns {Promise<number>} exit code */
export async function manageFirms(args) {
  keepOutputClean();
  requireProductionSecrets();
  portalKeys();
  const running = runningPortal();
  const settings = settingsOfOthers("production", running);
  const mail = running?.smtpUrl ? running : await openMail({ hasInbox: decideInbox(settings.portalUrl) });
  const { database, programOf } = await prepare();
  try {
    // The worker sends the mail; this program only has its settings checked like any other.
    const env = childEnvironment(settings, database, { smtpUrl: mail.smtpUrl });
    return await runNode(["--enable-source-maps", programOf("firm"), ...args], { env });
  } finally {
    await database.close();
  }
}
