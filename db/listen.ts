import { randomUUID } from "node:crypto";
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
    await pause(TRY_AGAIN_MS, stopped);
  }
}

async function listenOnce(url: string, channel: string, ear: Ear, stopped: AbortSignal): Promise<void> {
  const { promise: closed, reject: close } = Promise.withResolvers<never>();
  closed.catch(() => undefined);
  const { promise: heardItself, resolve: hearItself } = Promise.withResolvers<void>();
  const trial = `trial:${randomUUID()}`;
  const sql = connect(url, {
    onnotify: (_channel, payload) => (payload === trial ? hearItself() : ear.heard(payload)),
    onclose: () => close(new Error("The connection was closed.")),
  });
  try {
    await within(
      sql`listen ${sql(channel)}`.then(() => undefined),
      closed,
    );
    await within(
      sql`select pg_notify(${channel}, ${trial})`.then(() => heardItself),
      closed,
      NOTHING_HEARD,
    );
    ear.opened();
    while (!stopped.aborted) {
      await Promise.race([pause(SIGN_OF_LIFE_MS, stopped), closed]);
      if (!stopped.aborted)
        await within(
          sql`select 1`.then(() => undefined),
          closed,
        );
    }
  } finally {
    await sql.end({ timeout: 0 });
  }
}

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
async function within(
  work: Promise<void>,
  closed: Promise<never>,
  tooLate = "The database does not answer.",
): Promise<void> {
  work.catch(() => undefined);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(tooLate)), ANSWER_WITHIN_MS);
  try {
    await Promise.race([work, closed, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds: number, stopped: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  stopped.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
