import { overloaded } from "#lib/core/errors.ts";
import { processSingleton } from "#lib/core/process.ts";
import { type Hasher, hasher } from "./hasher.ts";

/** About two seconds of hashing on the smallest machine; who would wait longer is told to come back. */
const WAITING_PER_PLACE = 64;
const RETRY_AFTER_SECONDS = 2;

type Queue = { running: number; waiting: (() => void)[] };

/**
 * Runs one hash when a place is free. A full queue sheds the request before any hashing (REL9).
 * @throws DomainError overloaded
 */
export async function inHashQueue<T>(hash: (hasher: Hasher) => Promise<T>): Promise<T> {
  const queue = processSingleton("hash-queue", (): Queue => ({ running: 0, waiting: [] }));
  await enter(queue);
  try {
    return await hash(hasher());
  } finally {
    leave(queue);
  }
}

async function enter(queue: Queue): Promise<void> {
  const { places } = hasher();
  if (queue.running < places) {
    queue.running += 1;
    return;
  }
  if (queue.waiting.length >= WAITING_PER_PLACE * places) throw overloaded(RETRY_AFTER_SECONDS);
  await new Promise<void>((resolve) => queue.waiting.push(resolve));
}

/** Hands the place to the next one waiting, so that nobody can slip in between. */
function leave(queue: Queue): void {
  const next = queue.waiting.shift();
  if (next) next();
  else queue.running -= 1;
}
