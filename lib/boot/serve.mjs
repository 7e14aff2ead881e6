import { printBanner } from "./banner.mjs";
import { buildPages } from "./build.mjs";
import { demoCredentials, seedDemo } from "./demo.mjs";
import { openDemoProviders } from "./demo-providers.mjs";
import { childEnvironment } from "./environment.mjs";
import { startFamily } from "./family.mjs";
import { openMail } from "./mail.mjs";
import { say, step } from "./output.mjs";
import { isPortFree, requireFree } from "./ports.mjs";
import { prepare } from "./prepare.mjs";
import { ServerEnded, untilReady } from "./readiness.mjs";
import { restartOnHangUp, serverEnvironment } from "./restart.mjs";
import { announceRunning, withdrawRunning } from "./running.mjs";
import { portalKeys, requireProductionSecrets } from "./secrets.mjs";
import { readSettings } from "./settings.mjs";
import { placeOf } from "./shared-socket.mjs";
import { untilStopped } from "./shutdown.mjs";

/**
 * Brings the whole portal up and stays until it is asked to stop.
 *
 * @param {"production" | "development"} mode
 */
export async function serve(mode) {
  await checkSettings(mode);
  const prepared = await prepare();
  try {
    if (mode === "production") await step("pages", (note) => buildPages(note));
    const portal = await openOnFreePort(mode, prepared);
    restartOnHangUp(portal, prepared.database);
    await untilStopped();
    await closePortal(portal.family);
  } finally {
    await prepared.database.close();
  }
}

// What was free at the beginning may be taken by now, or a moment before the server listens.
async function openOnFreePort(mode, prepared) {
  const settings = await readSettings(mode);
  const family = startFamily();
  try {
    return await openPortal(settings, prepared, family);
  } catch (error) {
    await closePortal(family);
    if (!(await wasOutrun(error, settings))) throw error;
  }
  say(`  port ${settings.port} was taken meanwhile`);
  return openOnFreePort(mode, prepared);
}

async function wasOutrun(error, { port, host }) {
  if (process.env.PORT || !(error instanceof ServerEnded)) return false;
  return !(await isPortFree(port, host));
}

async function closePortal(family) {
  withdrawRunning();
  await family.stop();
}

// Before anything is made or started: a refusal leaves no trace.
async function checkSettings(mode) {
  if (mode === "production") requireProductionSecrets();
  portalKeys();
  await readSettings(mode);
}

async function openPortal(settings, { database, programOf }, family) {
  const mail = await openMail(settings);
  const demo = await openDemoProviders(settings);
  const childEnv = () => childEnvironment(settings, database, { ...mail, demo });
  const env = childEnv();
  const ports = await serverPorts(settings);
  const servers = await addServers(family, ports, settings.host, { program: programOf("server"), env });
  // Alone: what starts beside it takes its cores, and nobody waits for that (PERF17).
  await step("server", (note) => allReady(servers, settings.host, note));
  if (mail.inbox) family.add({ name: "inbox", program: programOf("inbox"), env });
  if (demo) family.add({ name: "demo providers", program: programOf("demo-providers"), env });
  const worker = family.add({ name: "worker", program: programOf("worker"), env });
  if (settings.isDemo) await step("demo firms", () => seedDemo(programOf("seed"), env));
  announceRunning({ portalUrl: settings.portalUrl.origin, port: settings.port, smtpUrl: mail.smtpUrl });
  printBanner(settings, settings.isDemo ? demoCredentials() : [], { ...database, ports });
  return { family, servers, worker, childEnv };
}

async function addServers(family, ports, host, { program, env }) {
  const places = await Promise.all(ports.map((port) => placeOf(port, host)));
  return places.map((place) =>
    family.add({ name: `server ${place.port}`, program, env: serverEnvironment(env, place), place }),
  );
}

async function serverPorts({ port, processes, host }) {
  const others = Array.from({ length: processes - 1 }, (_, index) => port + 1 + index);
  for (const other of others) await requireFree(other, host);
  return [port, ...others];
}

async function allReady(servers, host, note) {
  await Promise.all(servers.map(({ child, place }) => untilReady(child, place.port, host)));
  note(`ready on ${servers.map(({ place }) => `${host}:${place.port}`).join(", ")}`);
}
