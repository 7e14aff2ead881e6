import { hasPages } from "./build.mjs";
import { Refusal, reportFailure, say } from "./output.mjs";
import { preparePrograms } from "./prepare.mjs";
import { untilListening } from "./readiness.mjs";
import { onHangUp, stopSignal } from "./shutdown.mjs";

/** @typedef {import("./family.mjs").Member} Member */
/**
 * @typedef {{
 *   family: ReturnType<import("./family.mjs").startFamily>, servers: Member[], worker: Member,
 *   childEnv: () => NodeJS.ProcessEnv
 * }} Portal
 */

/**
 * From now on SIGHUP replaces servers and worker by what is on disk, one after the other, and no request is lost. One that
 * comes while another is under way is followed afterwards.
 *
 * @param {Portal} portal
 */
export function restartOnHangUp(portal, database) {
  let last = Promise.resolve();
  onHangUp(() => {
    last = last.then(() => restartOrStay(portal, database));
  });
}

async function restartOrStay(portal, database) {
  if (stopSignal.aborted) return;
  say("\nRestarting, one process after the other.");
  try {
    await restart(portal, database);
    say("  restarted");
  } catch (error) {
    if (stopSignal.aborted) return;
    reportFailure(error);
    say("  The restart ends here; what has not been replaced goes on.");
  }
}

async function restart({ family, servers, worker, childEnv }, database) {
  const env = childEnv();
  if (env.NODE_ENV === "production" && !hasPages()) throw new Refusal(OLD_PAGES);
  const programOf = await preparePrograms(database);
  for (const server of servers) {
    stopSignal.throwIfAborted();
    const next = { program: programOf("server"), env: serverEnvironment(env, server.place) };
    await family.replace(server, next, (child) => untilListening(child, server.place.port));
  }
  stopSignal.throwIfAborted();
  // It waits for the place of the one before, which finishes its jobs.
  await family.replace(worker, { program: programOf("worker"), env }, async () => {});
}

const OLD_PAGES = "The pages are not those of the sources as they are now: npm run build, and then again.";

/** What a server is told besides: which of the ports is its own. */
export const serverEnvironment = (env, { port }) => ({ ...env, PORT: String(port) });
