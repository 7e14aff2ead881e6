import { COUNTED } from "./count-up-to.ts";

type Row<State> = { id: string; state: State };

/** Rows in the order of their list, and where those behind begin; `next` may be a row that is in no state. */
type Piece<R> = { rows: R[]; next: string | undefined };

type Source<R> = {
  /** How many rows there are at most, whatever the state, counted up to `COUNTED`. */
  counted: number;
  /** So many rows from behind one on; of those in no other state than the chosen one, where `narrowed` and an index knows. */
  read(place: { after: string | undefined; size: number; narrowed: boolean }): Promise<Piece<R>>;
};

type Wish<State> = { state?: State | undefined; after?: string | undefined };

export type StatePage<R> = {
  /** All of them, whatever their state; undefined where they are more than are counted. */
  all: R[] | undefined;
  rows: R[];
  /** The last row that this page looked at, where there are more. */
  next: string | undefined;
  /** How many rows the page looked at for those in the chosen state, where there are more that it has not. */
  lookedAt: number | undefined;
};

/** As many rows as one page shows. */
const PAGE_SIZE = 100;

/** Among so many rows a page looks for those in a state, where most may be in another. */
const LOOKED_AT = 1000;

/** A page of rows whose state is known only once they are read: no page reads more than `COUNTED`, however many there are. */
export async function pageByState<State, R extends Row<State>>(
  source: Source<R>,
  wish: Wish<State>,
): Promise<StatePage<R>> {
  if (source.counted >= COUNTED) return pageOfMany(source, wish);
  const { rows: all } = await source.read({ after: undefined, size: COUNTED, narrowed: false });
  const wanted = behind(all, wish.after).filter((row) => isIn(row, wish.state));
  return { all, ...firstOf(wanted), lookedAt: undefined };
}

/** When the last row of the page before is gone there is nothing. */
function behind<R extends Row<unknown>>(all: R[], after: string | undefined): R[] {
  if (after === undefined) return all;
  const last = all.findIndex(({ id }) => id === after);
  return last < 0 ? [] : all.slice(last + 1);
}

function firstOf<R extends Row<unknown>>(wanted: R[]): Piece<R> {
  const rows = wanted.slice(0, PAGE_SIZE);
  return { rows, next: wanted.length > PAGE_SIZE ? rows.at(-1)?.id : undefined };
}

async function pageOfMany<State, R extends Row<State>>(
  source: Source<R>,
  { state, after }: Wish<State>,
): Promise<StatePage<R>> {
  const size = state === undefined ? PAGE_SIZE : LOOKED_AT;
  const piece = await source.read({ after, size, narrowed: true });
  const wanted = piece.rows.filter((row) => isIn(row, state));
  const first = firstOf(wanted);
  if (first.next !== undefined) return { all: undefined, ...first, lookedAt: undefined };
  const lookedAt = state === undefined || piece.next === undefined ? undefined : size;
  return { all: undefined, rows: first.rows, next: piece.next, lookedAt };
}

/** Whether a row is in the state that is chosen; without a choice every row is. */
export function isIn<State>(row: { state: State }, state: State | undefined): boolean {
  return state === undefined || row.state === state;
}

/** How many rows are in each of the states. */
export function countStates<State extends string>(
  states: readonly State[],
  rows: readonly { state: State }[],
): Record<State, number> {
  const counts = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
  for (const { state } of rows) counts[state] += 1;
  return counts;
}
