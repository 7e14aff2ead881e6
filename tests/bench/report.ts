import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { markdownTable } from "#lib/boot/markdown-table.mjs";

const resultsDir = resolve(import.meta.dirname, "../../.data/bench");

export type Report = {
  title: string;
  header: string[];
  rows: string[][];
  /** What a reader has to know about the table, a sentence each. */
  notes: string[];
  /** The figures behind it, for programs. */
  data: unknown;
};

/** Prints one line of the benchmark and keeps it as Markdown and as JSON. */
export function writeReport(id: string, { title, header, rows, notes, data }: Report): void {
  const heading = `# ${id} ${title}`;
  const text = [heading, markdownTable(header, rows), notes.map((note) => `- ${note}`).join("\n")].join(
    "\n\n",
  );
  const cores = availableParallelism();
  const machine = { node: process.versions.node, platform: process.platform, cores, load: loadavg()[0] };
  mkdirSync(resultsDir, { recursive: true });
  writeFileSync(join(resultsDir, `${id}.md`), `${text}\n`);
  const measuredAt = new Date().toISOString();
  writeFileSync(
    join(resultsDir, `${id}.json`),
    `${JSON.stringify({ id, title, measuredAt, machine, notes, data }, null, 2)}\n`,
  );
  console.log(`\n${text}\n\nKept in ${resultsDir}.`);
}
