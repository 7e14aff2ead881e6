import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { markdownTable } from "#lib/boot/markdown-table.mjs";

const dir = resolve(import.meta.dirname, "../../.data/bench/profile");
const PLACES = 15;
const FUNCTIONS = 25;

/** What has to be in the environment of a portal whose programs are to write down where their time goes. */
export function profiled(): Record<string, string> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${dir}` };
}

type Node = { id: number; callFrame: { functionName: string; url: string; lineNumber: number } };
type Profile = { nodes: Node[]; samples: number[]; timeDeltas: number[]; endTime: number; startTime: number };

/** Prints where the server process spent its last so many seconds, by place and by function. */
export function printProfile(lastSeconds: number): void {
  for (const file of readdirSync(dir)) {
    const profile = JSON.parse(readFileSync(join(dir, file), "utf8")) as Profile;
    const isServer = profile.nodes.some(({ callFrame }) => callFrame.url.endsWith("/server.mjs"));
    if (!isServer) continue;
    console.log(`\n# Where the time goes (${join(dir, file)})\n`);
    print(profile, lastSeconds, placeOf, PLACES);
    print(profile, lastSeconds, functionOf, FUNCTIONS);
  }
}

function print(profile: Profile, lastSeconds: number, named: (node: Node) => string, most: number): void {
  const spent = spentBy(profile, lastSeconds, named);
  const busy = [...spent.values()].reduce((sum, time) => sum + time, 0);
  const rows = [...spent]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, time]) => [name, `${((time / busy) * 100).toFixed(1)} %`]);
  console.log(`${markdownTable(["own time of", "share"], rows)}\n`);
}

function spentBy(
  { nodes, samples, timeDeltas, startTime, endTime }: Profile,
  lastSeconds: number,
  named: (node: Node) => string,
): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const spent = new Map<string, number>();
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    at += delta;
    const node = byId.get(id);
    if (!node || at < endTime - lastSeconds * 1e6 || node.callFrame.functionName === "(idle)") continue;
    spent.set(named(node), (spent.get(named(node)) ?? 0) + delta);
  }
  return spent;
}

/** A package, a part of Node, or what is ours. */
function placeOf({ callFrame: { functionName, url } }: Node): string {
  if (url === "") return functionName.startsWith("(") ? functionName : "native code";
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name) return name;
  if (url.startsWith("node:")) return url.split("/").slice(0, 2).join("/");
  if (url.includes("/server.mjs")) return "the portal: in front of Next";
  return url.includes("/chunks/") ? "the portal: its pages, and what is bundled with them" : "elsewhere";
}

function functionOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  return `${functionName || "(anonymous)"} ${url.split("/").slice(-2).join("/")}:${lineNumber + 1}`;
}
