import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { markdownTable } from "#lib/boot/markdown-table.mjs";
import type { Bound, Finding } from "./finding.ts";
import { milliseconds } from "./words.ts";

const resultsDir = resolve(import.meta.dirname, "../../.data/bench");

export type Report = {
  title: string;
  header: string[];
  rows: string[][];
  /** What a reader has to know about the table, a sentence each. */
  notes: string[];
  /** What it says about the bar: a row of the table of all lines each. */
  findings?: Finding[];
  /** The figures behind it, for programs. */
  data: unknown;
  /** Why the line has failed all the same. */
  failure?: string;
};

const loadAtStart = loadavg()[0] ?? 0;
const BUSY = 0.5;

/** Prints one line of the benchmark and keeps it as Markdown and as JSON. */
export function writeReport(id: string, { title, header, rows, notes, findings = [], data }: Report): void {
  const heading = `# ${id} ${title}`;
  const list = notes.map((note) => `- ${note}`).join("\n");
  const text = [heading, markdownTable(header, rows), list].filter((part) => part !== "").join("\n\n");
  const measuredAt = new Date().toISOString();
  keep(`${id}.md`, text);
  keep(
    `${id}.json`,
    JSON.stringify({ id, title, measuredAt, machine: machine(), notes, findings, data }, null, 2),
  );
  console.log(`\n${text}\n`);
}

/** Prints what all lines say about the bar in one table, and keeps it. */
export function writeTable(reports: Map<string, Report>, seconds: number): void {
  const rows = [...reports].flatMap(([id, { findings = [] }]) =>
    findings.map((finding) => rowOf(id, finding)),
  );
  if (rows.length === 0) return;
  const header = [
    "id",
    "work",
    "measured: median (lowest - highest)",
    "CPU ms app + PG",
    "gate",
    "met",
    "target",
    "met",
  ];
  const text = [`# The bar`, describeMachine(seconds), markdownTable(header, rows)].join("\n\n");
  keep("table.md", text);
  const findings = Object.fromEntries([...reports].map(([id, { findings: found = [] }]) => [id, found]));
  keep(
    "table.json",
    JSON.stringify({ measuredAt: new Date().toISOString(), machine: machine(), findings }, null, 2),
  );
  console.log(`\n${text}\n\nKept in ${resultsDir}.`);
}

function rowOf(id: string, { work, measured, cpu, gate, target }: Finding): string[] {
  const used = cpu ? `${milliseconds(cpu.app)} + ${milliseconds(cpu.postgres)}` : "";
  return [id, work, measured, used, gate.says, verdict(gate), target.says, verdict(target)];
}

function verdict({ holds }: Bound): string {
  if (typeof holds === "string") return holds;
  return holds ? "yes" : "NO";
}

/** Says so where figures will be noise. */
export function warnOfOtherWork(): void {
  if (loadAtStart <= BUSY) return;
  console.log(
    `The machine is busy (load ${loadAtStart.toFixed(2)}): these figures are noise, only ratios mean anything.`,
  );
}

function describeMachine(seconds: number): string {
  const { cpu, cores, memoryGiB, node, load } = machine();
  const day = new Date().toISOString().slice(0, 10);
  const busy = load > BUSY ? " (busy: figures are noise)" : "";
  const took = `${Math.round(seconds / 60)} min`;
  return `${day}, ${cores} cores of ${cpu}, ${memoryGiB} GiB, Node ${node}, load at the start ${load.toFixed(2)}${busy}, in all ${took}.`;
}

function machine() {
  return {
    cpu: cpus()[0]?.model ?? "an unknown processor",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: process.platform,
    load: loadAtStart,
  };
}

function keep(name: string, text: string): void {
  mkdirSync(resultsDir, { recursive: true });
  writeFileSync(join(resultsDir, name), `${text}\n`);
}
