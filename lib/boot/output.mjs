const PROGRESS_INTERVAL_MS = 10_000;

/** Something the operator can mend. Printed without a stack; the message says what to do next and holds no secret. */
export class Refusal extends Error {}

let stream = process.stdout;

/** For commands whose standard output is their answer. */
export function keepOutputClean() {
  stream = process.stderr;
}

/** @param {string} line */
export function say(line = "") {
  stream.write(`${line}\n`);
}

/**
 * Runs one step and prints one line with its time, and a sign of life while it takes long.
 * `work` gets `note`, which sets what the line says; `note(null)` leaves it out.
 *
 * @template T
 * @param {string} name
 * @param {(note: (text: string | null) => void) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let text = "";
  const alive = setInterval(() => say(`  ... ${name}, ${seconds()}`), PROGRESS_INTERVAL_MS);
  try {
    const result = await work((note) => {
      text = note;
    });
    if (text !== null) say(`  ${name.padEnd(13)} ${text}${text ? " " : ""}(${seconds()})`);
    return result;
  } catch (error) {
    say(`  ${name.padEnd(13)} not done (${seconds()})`);
    throw error;
  } finally {
    clearInterval(alive);
  }
}

export function reportFailure(error) {
  if (error instanceof Refusal) process.stderr.write(`\n${error.message}\n`);
  else process.stderr.write(`\n${error?.stack ?? error}\n`);
}
