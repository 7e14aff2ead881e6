/**
 * As many as the pool has connections: whatever begins has one of its own. On a connection with others' statements the
 * driver may send a BEGIN without what has to follow it, and leave its transaction open (REL1).
 */
export const PLACES = 10;

/** What is left is for others, however long it takes what one firm has asked for. */
export const PLACES_OF_ONE_FIRM = 8;

/** Where no place has become free for this long, whoever waits is told to come back (REL8). */
const STANDSTILL_MS = 2_000;
const MOST_WAITING = 1_000;

type Waiting = { firm: string | undefined; enter: () => void };

/** `movedAt`: when a place was last left, by the process's own clock. */
type Places = { taken: number; ofFirms: Map<string, number>; waiting: Set<Waiting>; movedAt: number };

/** Nobody has got a connection in time. By its code known for a database that is too busy. */
export class NoPlaceError extends Error {
  readonly code = "NO_PLACE";
  constructor() {
    super("Too many wait for a connection to the database.");
    this.name = "NoPlaceError";
  }
}

/**
 * Does what needs a connection when there is one for it, in the order in which it came, but for a firm that has all that
 * it may have.
 *
 * @param firm its id, for what may take long
 * @throws NoPlaceError
 */
export async function inPlace<T>(work: () => Promise<T>, firm?: string): Promise<T> {
  const places = allPlaces();
  if (mayEnter(places, firm)) take(places, firm);
  else await turnIn(places, firm);
  try {
    return await work();
  } finally {
    leave(places, firm);
  }
}

function mayEnter({ taken, ofFirms }: Places, firm: string | undefined): boolean {
  const own = firm === undefined ? 0 : (ofFirms.get(firm) ?? 0);
  return taken < PLACES && own < PLACES_OF_ONE_FIRM;
}

function take(places: Places, firm: string | undefined): void {
  places.taken += 1;
  if (firm !== undefined) places.ofFirms.set(firm, (places.ofFirms.get(firm) ?? 0) + 1);
}

function turnIn(places: Places, firm: string | undefined): Promise<void> {
  const { waiting } = places;
  if (waiting.size >= MOST_WAITING) throw new NoPlaceError();
  return new Promise((resolve, reject) => {
    const enter = () => {
      clearTimeout(impatience);
      resolve();
    };
    const one = { firm, enter };
    const giveUpOrWait = () => {
      const left = places.movedAt + STANDSTILL_MS - performance.now();
      if (left > 0) {
        impatience = setTimeout(giveUpOrWait, left);
        return;
      }
      waiting.delete(one);
      reject(new NoPlaceError());
    };
    let impatience = setTimeout(giveUpOrWait, STANDSTILL_MS);
    waiting.add(one);
  });
}

/** Hands the place to whoever has waited longest and may have it, so that nobody can slip in between. */
function leave(places: Places, firm: string | undefined): void {
  places.movedAt = performance.now();
  giveBack(places, firm);
  for (const one of places.waiting) {
    if (!mayEnter(places, one.firm)) continue;
    places.waiting.delete(one);
    take(places, one.firm);
    one.enter();
    return;
  }
}

function giveBack(places: Places, firm: string | undefined): void {
  places.taken -= 1;
  if (firm === undefined) return;
  const left = (places.ofFirms.get(firm) ?? 1) - 1;
  if (left > 0) places.ofFirms.set(firm, left);
  else places.ofFirms.delete(firm);
}

const shared = globalThis as { [all]?: Places };

const all = Symbol.for("portal.database.places");

/** On globalThis, as the pool is: the pages' bundle and boot's share both. */
function allPlaces(): Places {
  shared[all] ??= { taken: 0, ofFirms: new Map(), waiting: new Set(), movedAt: 0 };
  return shared[all];
}
