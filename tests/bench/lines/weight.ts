import { gzipSync } from "node:zlib";
import { send } from "#tests/e2e/support/http.ts";
import { bound } from "../finding.ts";
import { demoContact } from "../population.ts";
import type { Report } from "../report.ts";
import { hostOf, portOf, type Stage } from "../stage.ts";
import { VISIT } from "../works.ts";

const PAGES = ["/sign-in", "/forgot-password", "/forgot-username"];
const KB = 1000;
const MOST = { scripts: 15, wantedScripts: 8, page: 14 };

type Weight = { page: string; scripts: number; html: number; css: number };

/** What a signed-out page weighs, compressed: what it names is fetched as a browser would (PERF7). */
export async function weight(stage: Stage): Promise<Report> {
  const host = hostOf(stage, demoContact(stage.portal.dataDir).slug);
  const weights: Weight[] = [];
  for (const page of PAGES) weights.push(await weigh(portOf(stage), host, page));
  const scripts = Math.max(...weights.map((one) => one.scripts));
  const page = Math.max(...weights.map(({ html, css }) => html + css));
  return {
    title: "Weight of signed-out pages",
    header: ["page", "scripts kB", "HTML kB", "CSS kB"],
    rows: weights.map((one) => [one.page, ...[one.scripts, one.html, one.css].map((kb) => kb.toFixed(1))]),
    notes: ["By gzip, in thousands of bytes; the heaviest page counts."],
    findings: [
      {
        work: "scripts before the first input",
        measured: `${scripts.toFixed(1)} kB`,
        gate: bound(`<= ${MOST.scripts} kB`, scripts <= MOST.scripts),
        target: bound(`<= ${MOST.wantedScripts} kB`, scripts <= MOST.wantedScripts),
      },
      {
        work: "HTML and CSS",
        measured: `${page.toFixed(1)} kB`,
        gate: bound(`<= ${MOST.page} kB`, page <= MOST.page),
        target: bound(`<= ${MOST.page} kB`, page <= MOST.page),
      },
    ],
    data: weights,
  };
}

async function weigh(port: number, host: string, page: string): Promise<Weight> {
  const { status, body } = await send(port, page, { headers: { host, ...VISIT } });
  if (status !== 200) throw new Error(`${page} answered ${status}.`);
  const scripts = [...body.matchAll(/<script\b[^>]*\bsrc="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/\bnomodule\b/i.test(tag))
    .map(([, path = ""]) => path);
  const preloaded = pathsOf(body, /<link\b[^>]*\brel="modulepreload"[^>]*>/g);
  const styles = pathsOf(body, /<link\b[^>]*\brel="stylesheet"[^>]*>/g);
  const all = (paths: string[]) => kilobytesOf(port, host, [...new Set(paths)]);
  return {
    page,
    scripts: await all([...scripts, ...preloaded]),
    html: zipped(body),
    css: await all(styles),
  };
}

const pathsOf = (body: string, tag: RegExp): string[] =>
  (body.match(tag) ?? []).map((found) => /\bhref="([^"]+)"/.exec(found)?.[1] ?? "");

async function kilobytesOf(port: number, host: string, paths: string[]): Promise<number> {
  let sum = 0;
  for (const path of paths) sum += zipped((await send(port, path, { headers: { host } })).body);
  return sum;
}

const zipped = (text: string): number => gzipSync(text).length / KB;
