import { type RunningPortal, startPortal } from "#tests/e2e/support/portal-process.ts";
import { landing } from "./landing.ts";
import { type Report, writeReport } from "./report.ts";
import { timing } from "./timing.ts";

type Line = (portal: RunningPortal) => Promise<Report>;

/** Every line of the benchmark, by the row whose floor it measures. */
const LINES: Record<string, Line> = { A3: landing, B1: timing };

process.exitCode = await bench(process.argv.slice(2));

/** Measures the lines of these ids, or all, one after the other on one portal. Gives the exit code. */
async function bench(ids: string[]): Promise<number> {
  const known = Object.keys(LINES);
  if (ids.some((id) => !known.includes(id))) {
    console.error(`npm run bench -- ${known.join(" | ")}; without a word it measures them all.`);
    return 2;
  }
  const portal = await startPortal("bench-portal");
  stopWithUs(portal);
  try {
    for (const [id, line] of Object.entries(LINES)) {
      if (ids.length === 0 || ids.includes(id)) writeReport(id, await line(portal));
    }
  } finally {
    await portal.stop();
  }
  return 0;
}

function stopWithUs({ stop }: RunningPortal): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => void stop().finally(() => process.exit(130)));
  }
}
