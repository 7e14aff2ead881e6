import { printBanner } from "./banner.mjs";
import { buildPages } from "./build.mjs";
import { demoCredentials, seedDemo } from "./demo.mjs";
import { childEnvironment } from "./environment.mjs";
import { startFamily } from "./family.mjs";
import { openMail } from "./mail.mjs";
import { step } from "./output.mjs";
import { requireFree } from "./ports.mjs";
import { prepare } from "./prepare.mjs";
import { untilReady } from "./readiness.mjs";
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
  const family = startFamily();
  try {
    if (mode === "production") await step("pages", (note) => buildPages(note));
    // Read again: what was free minutes ago may be taken by now.
    await openPortal(await readSettings(mode), prepared, family);
    await untilStopped();
  } finally {
    withdrawRunning();
    await family.stop();
    await prepared.database.close();
  }
}

// Before anything is made or started: a refusal leaves no trace.
async function checkSettings(mode) {
  if (mode === "production") requireProductionSecrets();
  portalKeys();
  await readSettings(mode);
}

async function openPortal(settings, { database, programOf }, family) {
  const mail = await openMail(settings);
  const env = childEnvironment(settings, database, mail);
  if (settings.isDemo) await step("demo firms", () => seedDemo(programOf("seed"), env));
  const ports = await serverPorts(settings);
  if (mail.inbox) family.add({ name: "inbox", program: programOf("inbox"), env });
  for (const port of ports) {
    family.add({ name: `server ${port}`, program: programOf("server"), env: { ...env, PORT: String(port) } });
  }
  family.add({ name: "worker", program: programOf("worker"), env });
  announceRunning({ portalUrl: settings.portalUrl.origin, port: settings.port, smtpUrl: mail.smtpUrl });
  await step("server", (note) => allReady(ports, settings.host, note));
  printBanner(settings, settings.isDemo ? demoCredentials() : [], { ...database, ports });
}

async function serverPorts({ port, processes, host }) {
  const others = Array.from({ length: processes - 1 }, (_, index) => port + 1 + index);
  for (const other of others) await requireFree(other, host);
  return [port, ...others];
}

async function allReady(ports, host, note) {
  await Promise.all(ports.map((port) => untilReady(port, host)));
  note(`ready on ${ports.map((port) => `${host}:${port}`).join(", ")}`);
}
