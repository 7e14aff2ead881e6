import { besidePeer, type Finding, pace, reportOf } from "../finding.ts";
import { requestText } from "../load/load.ts";
import { inTurns, type Measured, ratioOf, type Work } from "../measure.ts";
import { filledFirm, sessionsOf } from "../population.ts";
import type { Report } from "../report.ts";
import type { Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { bearer, ourWork } from "../works.ts";

export const SIZES = [1000, 20_000, 1_000_000] as const;
/** Each session has an allowance of its own, as in real life. */
const SESSIONS = 200;
const CONNECTIONS = 8;
const PAGE = 50;

const PARTS = ["first page", "last page", "search"] as const;
export type Part = (typeof PARTS)[number];

const TARGETS: Record<Part, number> = { "first page": 150, "last page": 500, search: 250 };
const TIMES = 20;

/** First page, last page and search of the list of members, by the API, at three sizes of a firm (PERF9). */
export async function lists(stage: Stage): Promise<Report> {
  const { own, smallest, largest, others } = await measuredLists(stage);
  const findings = PARTS.map((part, index) =>
    findingOf(part, [largest[index], smallest[index], others.at(index - PARTS.length)]),
  );
  return reportOf(
    "Lists",
    { ours: largest, others: [...own.slice(0, -PARTS.length), ...others] },
    { findings },
  );
}

type MeasuredLists = Record<"own" | "smallest" | "largest" | "others", Measured[]>;

let measuring: Promise<MeasuredLists> | undefined;

/** Measured once, for this line and for that of growth. */
export function measuredLists(stage: Stage): Promise<MeasuredLists> {
  measuring ??= measureLists(stage);
  return measuring;
}

async function measureLists(stage: Stage): Promise<MeasuredLists> {
  const works: Work[] = [];
  for (const size of SIZES) for (const part of PARTS) works.push(await listWork(stage, size, part));
  const peers = stage.peer ? await peerWorks(stage) : [];
  const wish = { connections: CONNECTIONS, postgres: stage.postgres };
  const measured = await inTurns([...works, ...peers], wish);
  const own = measured.slice(0, works.length);
  return {
    own,
    smallest: own.slice(0, PARTS.length),
    largest: own.slice(-PARTS.length),
    others: measured.slice(works.length),
  };
}

function findingOf(part: Part, [own, small, peer]: (Measured | undefined)[]): Finding {
  if (!own || !small) throw new Error(`The ${part} was not measured.`);
  const growth = ratioOf(own, small);
  const times = peer && ratioOf(peer, own).median;
  const than = (factor: number) => ({
    says: `>= ${factor}x Better Auth by CPU`,
    holds: times === undefined ? ("needs --peer" as const) : times >= factor,
  });
  return {
    work: own.name,
    measured: `${pace(own)}; ${spread(growth)} of the CPU at ${SIZES[0].toLocaleString("en-US")}${besidePeer(peer, own)}`,
    cpu: own,
    gate: than(TIMES),
    target: than(TARGETS[part]),
  };
}

export async function listWork(stage: Stage, size: number, part: Part): Promise<Work> {
  const { administrators, firm } = await filledFirm(stage, size);
  const sessions = await sessionsOf(stage, administrators, SESSIONS);
  const question = await questionOf(stage, firm, part);
  const path = `/api/v1/members?${new URLSearchParams({ limit: String(PAGE), ...question })}`;
  const requests = sessions.map((one) => requestText({ host: one.host, path, headers: bearer(one) }));
  return ourWork(stage, `${part} of ${size.toLocaleString("en-US")} people`, requests);
}

async function questionOf({ database }: Stage, firm: string, part: Part): Promise<Record<string, string>> {
  if (part === "first page") return {};
  if (part === "search") return { q: "smith" };
  const [row] = await database<{ id: string }[]>`
    select id from members where tenant_id = ${firm} and kind = 'staff' and deleted_at is null
     order by name desc, id desc offset ${PAGE} limit 1`;
  return { after: row?.id ?? "" };
}

async function peerWorks({ peer }: Stage): Promise<Work[]> {
  const works: Work[] = [];
  for (const size of SIZES) for (const part of PARTS) if (peer) works.push(await peer.listUsers(size, part));
  return works;
}
