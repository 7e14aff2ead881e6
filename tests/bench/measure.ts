import { cpuMsOf } from "./cpu.ts";
import { type Outcome, sendLoad } from "./load/load.ts";

/** How long each measurement takes. Every other duration of the bench is a multiple of it. */
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 1);
export const ROUNDS = 3;
/** So many answers make the code warm that gives them, and are enough to measure by; slow works take longer for them. */
const WARM_ANSWERS = 300;
const MEASURED_ANSWERS = 100;
const LONGER = { warmUp: 3, measured: 3 };

/** Something that answers requests, and whose CPU is counted. */
export type Work = {
  name: string;
  port: number;
  requests: string[];
  expect?: number;
  /** The roots of its processes. */
  pids: number[];
};

/** Of several rounds. */
export type Figure = { median: number; lowest: number; highest: number };

/** Times and CPU in milliseconds, CPU for each answer. */
export type Measured = Record<Key, Figure> & { name: string; samples: Sample[] };

export type Sample = Outcome & { app: number; postgres: number; cpu: number };

type Key = "perSecond" | "p50" | "p99" | "app" | "postgres" | "cpu";

/** Where each work goes on, so that no round asks what the one before has asked. */
const asked = new WeakMap<Work, number>();

type Wish = { connections: number; postgres: number; rounds?: number };

/** Measures all of them in turns, so that whatever slows the machine down slows all of them. */
export async function inTurns(works: Work[], { rounds = ROUNDS, ...wish }: Wish): Promise<Measured[]> {
  const seconds: number[] = [];
  for (const work of works) seconds.push(await warmUp(work, wish));
  const samples = works.map(() => [] as Sample[]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) samples[index]?.push(await once(work, wish, seconds[index]));
  }
  return works.map(({ name }, index) => measuredOf(name, samples[index] ?? []));
}

/** Code that has run a few times only is slower by far than it stays. Gives how many seconds one measurement is to take. */
async function warmUp(work: Work, wish: Omit<Wish, "rounds">): Promise<number> {
  let [answers, seconds] = [0, 0];
  while (answers < WARM_ANSWERS && seconds < SECONDS * LONGER.warmUp) {
    answers += (await once(work, wish, SECONDS / 2)).answers;
    seconds += SECONDS / 2;
  }
  return Math.min(Math.max(SECONDS, (MEASURED_ANSWERS * seconds) / answers), SECONDS * LONGER.measured);
}

/** One measurement of one work. */
export async function once(
  work: Work,
  { connections, postgres }: Omit<Wish, "rounds">,
  seconds = SECONDS,
): Promise<Sample> {
  const { port, requests, expect = 200, pids } = work;
  const from = asked.get(work) ?? 0;
  const before = { app: cpuMsOf(pids), postgres: cpuMsOf([postgres]) };
  const outcome = await sendLoad({ port, connections, seconds, requests, from, expect }).catch((error) => {
    throw new Error(`${work.name}: ${error.message}`);
  });
  asked.set(work, from + outcome.asked);
  const app = (cpuMsOf(pids) - before.app) / outcome.answers;
  const inDatabase = (cpuMsOf([postgres]) - before.postgres) / outcome.answers;
  return { ...outcome, app, postgres: inDatabase, cpu: app + inDatabase };
}

export function measuredOf(name: string, samples: Sample[]): Measured {
  const of = (key: Key) => figureOf(samples.map((sample) => sample[key]));
  return {
    ...{ name, samples },
    ...{ perSecond: of("perSecond"), p50: of("p50"), p99: of("p99") },
    ...{ app: of("app"), postgres: of("postgres"), cpu: of("cpu") },
  };
}

/** One by the other, round by round. */
export function ratioOf(one: Measured, other: Measured, key: Key = "cpu"): Figure {
  return figureOf(
    one.samples.map((sample, round) => sample[key] / (other.samples[round]?.[key] ?? Number.NaN)),
  );
}

export function figureOf(values: number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    lowest: sorted[0] ?? Number.NaN,
    highest: sorted.at(-1) ?? Number.NaN,
  };
}
