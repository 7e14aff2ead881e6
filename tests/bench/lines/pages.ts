import { cpuMsOf } from "../cpu.ts";
import { bound } from "../finding.ts";
import { filledFirms } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { type Sight, sights, type Walker, walkerOf } from "../walk.ts";
import { plain } from "../words.ts";

const FEW = 1000;
const MANY = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const FIRMS = Number(process.env.BENCH_FIRMS ?? 100_000);
const TURNS = 2;
/** Where the first look took longer it counts: what a page does once is little of that. */
const SLOW_MS = 5000;
const MOST = 1.6;
const NAMED = 5;

/** Times in milliseconds: the shorter of the turns; CPU of PostgreSQL for each of them. */
type Look = { status: number; ms: number; postgres: number };

type Looked = { name: string; few: Look; many: Look };

/** Every page of the signed-in shell, in a firm with a thousand people and in one with a million, among 100,000 firms. */
export async function pages(stage: Stage): Promise<Report> {
  await filledFirms(stage, FIRMS);
  const walkers = { few: await walkerOf(stage, FEW), many: await walkerOf(stage, MANY) };
  const looked: Looked[] = [];
  for (const sight of sights()) looked.push(await lookAt(stage, sight, walkers));
  const byGrowth = looked.toSorted((one, other) => growthOf(other) - growthOf(one));
  const silent = looked.filter(({ few, many }) => !isGood(few) || !isGood(many)).map(({ name }) => name);
  const counts = { people: MANY.toLocaleString("en-US"), firms: FIRMS.toLocaleString("en-US") };
  return {
    title: `Every page of the signed-in shell with ${counts.people} people, among ${counts.firms} firms`,
    header: [
      "page",
      "status",
      `ms with ${FEW}`,
      `ms with ${counts.people}`,
      "times",
      "CPU ms PG",
      "CPU ms PG",
    ],
    rows: byGrowth.map(rowOf),
    notes: [
      "By growth. After one look that does not count, the shorter of two, in turns; where a page leads on, with where it leads.",
    ],
    findings: [
      {
        work: `${looked.length} pages, ${counts.people} people, ${counts.firms} firms`,
        measured: `most: ${byGrowth
          .slice(0, NAMED)
          .map((one) => `${one.name} ${plain(growthOf(one))}x`)
          .join(", ")}`,
        gate: bound("every page answers", silent.length === 0),
        target: bound(
          `<= ${MOST}x the time with ${FEW.toLocaleString("en-US")} people`,
          byGrowth.every((one) => growthOf(one) <= MOST),
        ),
      },
    ],
    data: looked,
    ...(silent.length > 0 && { failure: `These pages did not answer: ${silent.join(", ")}` }),
  };
}

async function lookAt(
  stage: Stage,
  sight: Sight,
  { few, many }: Record<"few" | "many", Walker>,
): Promise<Looked> {
  const walkers = [few, many];
  const first = [await once(stage, sight, few), await once(stage, sight, many)];
  const looks: Look[][] = [[], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [index, walker] of walkers.entries()) {
      const before = first[index];
      const isSlow = before !== undefined && before.ms > SLOW_MS;
      looks[index]?.push(isSlow ? before : await once(stage, sight, walker));
    }
  }
  const [small = [], large = []] = looks;
  return { name: sight.name, few: together(small), many: together(large) };
}

async function once({ postgres }: Stage, sight: Sight, walker: Walker): Promise<Look> {
  const [cpu, begun] = [cpuMsOf([postgres]), performance.now()];
  const { status } = await sight.show(walker);
  return { status, ms: performance.now() - begun, postgres: cpuMsOf([postgres]) - cpu };
}

function together(looks: Look[]): Look {
  return {
    status: Math.max(...looks.map(({ status }) => status)),
    ms: Math.min(...looks.map(({ ms }) => ms)),
    postgres: looks.reduce((sum, { postgres }) => sum + postgres, 0) / looks.length,
  };
}

const isGood = ({ status }: Look) => status >= 200 && status < 300;

const growthOf = ({ few, many }: Looked) => many.ms / few.ms;

function rowOf(one: Looked): string[] {
  const { name, few, many } = one;
  const status = few.status === many.status ? String(few.status) : `${few.status}, ${many.status}`;
  return [
    name,
    status,
    plain(few.ms),
    plain(many.ms),
    plain(growthOf(one)),
    plain(few.postgres),
    plain(many.postgres),
  ];
}
