import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";

/** What becomes of what is heard. `opened` and `lost` take turns; before the first `opened` nothing is heard at all. */
export type Ear = {
  opened: () => void;
  heard: (payload: string) => void;
  /** At each try that fails, too. It is tried again by itself. */
  lost: (reason: unknown) => void;
};

export type Listening = { stop: () => Promise<void> };

const TRY_AGAIN_MS = 1_000;
const SIGN_OF_LIFE_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Listens to what the database tells of on a channel, on a connection of its own, until stopped. Whether anything comes
 * through is tried first: a pooler in transaction mode takes a LISTEN, and lets nothing through ever (DEC1).
 */
export function listen(url: string, channel: string, ear: Ear): Listening {
  const stopping = new AbortController();
  const ended = keepListening(url, channel, ear, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepListening(url: string, channel: string, ear: Ear, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    try {
      await listenOnce(url, channel, ear, stopped);
    } catch (error) {
      if (!stopped.aborted) ear.lost(error);
    }
    await sleep(TRY_AGAIN_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
}

async function listenOnce(url: string, channel: string, ear: Ear, stopped: AbortSignal): Promise<void> {
  const line: Line = { isClosed: false, wake: () => undefined };
  const wake = () => line.wake();
  const { promise: heardItself, resolve: hearItself } = Promise.withResolvers<void>();
  const trial = `trial:${randomUUID()}`;
  const sql = connect(url, {
    onnotify: (_channel, payload) => (payload === trial ? hearItself() : ear.heard(payload)),
    onclose() {
      line.isClosed = true;
      line.wake();
    },
  });
  stopped.addEventListener("abort", wake);
  try {
    await within(sql`listen ${sql(channel)}`);
    await within(
      sql`select pg_notify(${channel}, ${trial})`.then(() => heardItself),
      NOTHING_HEARD,
    );
    ear.opened();
    while (!stopped.aborted) {
      // The driver would open it anew for the next statement, and hear nothing on it.
      if (line.isClosed) throw new Error("The connection was closed.");
      await pause(SIGN_OF_LIFE_MS, line);
      if (!stopped.aborted && !line.isClosed) await within(sql`select 1`);
    }
  } finally {
    stopped.removeEventListener("abort", wake);
    await sql.end({ timeout: 0 });
  }
}

/** The connection, and what ends a pause: there is one at a time, so that nothing piles up however long it listens. */
type Line = { isClosed: boolean; wake: () => void };

const NOTHING_HEARD = "It takes a LISTEN and lets nothing through, as a pooler in transaction mode does.";

/** The driver takes `onnotify` from its options, which its types do not say. */
type Hears = { onnotify: (channel: string, payload: string) => void; onclose: () => void };

function connect(url: string, hears: Hears) {
  const options = {
    ...{ max: 1, idle_timeout: 0, max_lifetime: null, prepare: false, fetch_types: false },
    ...{ connect_timeout: 5, onnotice: () => undefined },
    connection: { application_name: "portal listener" },
    ...hears,
  };
  return postgres(url, options);
}

/** A connection whose other end has gone says nothing for ever. */
async function within(work: PromiseLike<unknown>, tooLate = "The database does not answer."): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(tooLate)), ANSWER_WITHIN_MS);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds: number, line: Line): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  line.wake = resolve;
  return promise.finally(() => clearTimeout(timer));
}
