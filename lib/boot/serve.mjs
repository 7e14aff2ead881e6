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
import { announceRunning, withdrawRunning } from "./running.mjs";
import { portalKeys, requireProductionSecrets } from "./secrets.mjs";
import { readSettings } from "./settings.mjs";
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
    const family = await openOnFreePort(mode, prepared);
    await untilStopped();
    await closePortal(family);
  } finally {
    await prepared.database.close();
  }
}

// What was free at the beginning may be taken by now, or a moment before the server listens.
async function openOnFreePort(mode, prepared) {
  const settings = await readSettings(mode);
  const family = startFamily();
  try {
    await openPortal(settings, prepared, family);
    return family;
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
  const env = childEnvironment(settings, database, { ...mail, demo });
  if (settings.isDemo) await step("demo firms", () => seedDemo(programOf("seed"), env));
  const ports = await serverPorts(settings);
  if (mail.inbox) family.add({ name: "inbox", program: programOf("inbox"), env });
  if (demo) family.add({ name: "demo providers", program: programOf("demo-providers"), env });
  const program = programOf("server");
  const servers = ports.map((port) =>
    family.add({ name: `server ${port}`, program, env: { ...env, PORT: String(port) } }),
  );
  family.add({ name: "worker", program: programOf("worker"), env });
  announceRunning({ portalUrl: settings.portalUrl.origin, port: settings.port, smtpUrl: mail.smtpUrl });
  await step("server", (note) => allReady(servers, ports, settings.host, note));
  printBanner(settings, settings.isDemo ? demoCredentials() : [], { ...database, ports });
}

async function serverPorts({ port, processes, host }) {
  const others = Array.from({ length: processes - 1 }, (_, index) => port + 1 + index);
  for (const other of others) await requireFree(other, host);
  return [port, ...others];
}

async function allReady(servers, ports, host, note) {
  await Promise.all(servers.map((server, index) => untilReady(server, ports[index], host)));
  note(`ready on ${ports.map((port) => `${host}:${port}`).join(", ")}`);
}
