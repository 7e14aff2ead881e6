import { overloaded } from "#lib/core/errors.ts";
import { processSingleton } from "#lib/core/process.ts";
import { type Hasher, hasher } from "./hasher.ts";

/** About two seconds of hashing on the smallest machine; who would wait longer is told to come back. */
const WAITING_PER_PLACE = 64;
const RETRY_AFTER_SECONDS = 2;

/** A hash under way. Times are milliseconds. */
type Turn = { begun: number };

type Waiting = { enter: (turn: Turn) => void; shed: (reason: Error) => void };

/** What one firm has in the queue, for as long as it has anything there. */
type Line = { turns: Set<Turn>; waiting: Waiting[]; spent: number };

type Queue = { running: number; lines: Map<string, Line> };

/**
 * Runs one hash when a place is free, which goes to the firm that has spent the least there: hashes that were imported may
 * take forty times as long as ours, and nobody else's people wait behind them (SEC63). Of too many that wait the last of
 * the longest line is shed before any hashing (REL9).
 *
 * @param firm its id; what serves no firm has none
 * @throws DomainError overloaded
 */
export async function inHashQueue<T>(hash: (hasher: Hasher) => Promise<T>, firm = ""): Promise<T> {
  const queue = processSingleton("hash-queue", (): Queue => ({ running: 0, lines: new Map() }));
  const line = lineOf(queue, firm);
  try {
    const turn = await enter(queue, line);
    try {
      return await hash(hasher());
    } finally {
      leave(queue, line, turn);
    }
  } finally {
    if (line.turns.size + line.waiting.length === 0) queue.lines.delete(firm);
  }
}

/** A firm that comes has spent as much as the one that has spent least: it gets its turn, and nothing for its absence. */
function lineOf({ lines }: Queue, firm: string): Line {
  const known = lines.get(firm);
  if (known) return known;
  const spent = lines.size === 0 ? 0 : Math.min(...[...lines.values()].map(spentBy));
  const line = { turns: new Set<Turn>(), waiting: [], spent };
  lines.set(firm, line);
  return line;
}

/** With what it is spending at this moment. */
function spentBy({ turns, spent }: Line): number {
  const now = performance.now();
  return [...turns].reduce((sum, { begun }) => sum + now - begun, spent);
}

async function enter(queue: Queue, line: Line): Promise<Turn> {
  const { places } = hasher();
  if (queue.running < places) {
    queue.running += 1;
    return begin(line);
  }
  const lines = [...queue.lines.values()];
  const waiting = lines.reduce((sum, one) => sum + one.waiting.length, 0);
  if (waiting >= WAITING_PER_PLACE * places) shedFor(line, lines);
  return new Promise((enter, shed) => line.waiting.push({ enter, shed }));
}

function begin({ turns }: Line): Turn {
  const turn = { begun: performance.now() };
  turns.add(turn);
  return turn;
}

/** @throws DomainError overloaded where no other line is longer */
function shedFor(line: Line, lines: Line[]): void {
  const longest = lines.reduce((most, one) => (one.waiting.length > most.waiting.length ? one : most), line);
  const reason = overloaded(RETRY_AFTER_SECONDS);
  if (longest === line) throw reason;
  longest.waiting.pop()?.shed(reason);
}

/** Hands the place to the next one waiting, so that nobody can slip in between. */
function leave(queue: Queue, line: Line, turn: Turn): void {
  line.turns.delete(turn);
  line.spent += performance.now() - turn.begun;
  const lines = [...queue.lines.values()].filter(({ waiting }) => waiting.length > 0);
  const [next] = lines.toSorted((one, other) => spentBy(one) - spentBy(other));
  if (next) next.waiting.shift()?.enter(begin(next));
  else queue.running -= 1;
}
