/**
 * As many as the pool has connections: whatever begins has one of its own. On a connection with others' statements the
 * driver may send a BEGIN without what has to follow it, and leave its transaction open (REL1).
 */
export const PLACES = 10;

/** Where no place has become free for this long, whoever waits is told to come back (REL8). */
const STANDSTILL_MS = 2_000;
const MOST_WAITING = 1_000;

/** `movedAt`: when a place was last left, by the process's own clock. */
type Places = { taken: number; waiting: Set<() => void>; movedAt: number };

/** Nobody has got a connection in time. By its code known for a database that is too busy. */
export class NoPlaceError extends Error {
  readonly code = "NO_PLACE";
  constructor() {
    super("Too many wait for a connection to the database.");
    this.name = "NoPlaceError";
  }
}

/**
 * Does what needs a connection when there is one for it, in the order in which it came.
 * @throws NoPlaceError
 */
export async function inPlace<T>(work: () => Promise<T>): Promise<T> {
  const places = allPlaces();
  if (places.taken < PLACES) places.taken += 1;
  else await turnIn(places);
  try {
    return await work();
  } finally {
    leave(places);
  }
}

function turnIn(places: Places): Promise<void> {
  const { waiting } = places;
  if (waiting.size >= MOST_WAITING) throw new NoPlaceError();
  return new Promise((resolve, reject) => {
    const enter = () => {
      clearTimeout(impatience);
      resolve();
    };
    const giveUpOrWait = () => {
      const left = places.movedAt + STANDSTILL_MS - performance.now();
      if (left > 0) {
        impatience = setTimeout(giveUpOrWait, left);
        return;
      }
      waiting.delete(enter);
      reject(new NoPlaceError());
    };
    let impatience = setTimeout(giveUpOrWait, STANDSTILL_MS);
    waiting.add(enter);
  });
}

/** Hands the place to whoever has waited longest, so that nobody can slip in between. */
function leave(places: Places): void {
  places.movedAt = performance.now();
  const [next] = places.waiting;
  if (!next) {
    places.taken -= 1;
    return;
  }
  places.waiting.delete(next);
  next();
}

const shared = globalThis as { [all]?: Places };

const all = Symbol.for("portal.database.places");

/** On globalThis, as the pool is: the pages' bundle and boot's share both. */
function allPlaces(): Places {
  shared[all] ??= { taken: 0, waiting: new Set(), movedAt: 0 };
  return shared[all];
}
