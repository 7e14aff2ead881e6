import { childEnvironment } from "./environment.mjs";
import { keepOutputClean } from "./output.mjs";
import { prepare } from "./prepare.mjs";
import { runNode } from "./run.mjs";
import { runningPortal } from "./running.mjs";
import { portalKeys, requireProductionSecrets } from "./secrets.mjs";
import { settingsOfOthers } from "./settings.mjs";

/** Hands the rest of the command line to the program that looks after firms. @returns {Promise<number>} exit code */
export async function manageFirms(args) {
  keepOutputClean();
  requireProductionSecrets();
  portalKeys();
  const running = runningPortal();
  const { database, programOf } = await prepare();
  try {
    const settings = settingsOfOthers("production", running);
    const env = childEnvironment(settings, database, { smtpUrl: running?.smtpUrl });
    return await runNode(["--enable-source-maps", programOf("firm"), ...args], { env });
  } finally {
    await database.close();
  }
}
