import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BreachListError } from "./breach-list-error.ts";
import { KEY_BITS } from "./password-key.ts";

/** Keys that are more than fit into memory, apart by their first byte. */
export type KeyParts = {
  add(key: number): void;
  count(): number;
  /** The keys of one part in their order, each as often as it came. */
  sorted(part: number): Float64Array;
  remove(): void;
};

export const PARTS = 256;

const REST_BYTES = KEY_BITS / 8 - 1;
const REST_SPAN = 2 ** (REST_BYTES * 8);
const BUFFER_BYTES = REST_BYTES * 16_384;

/** Makes the folder. Throws BreachListError where it is there: two at work would take each other's keys. */
export function openKeyParts(folder: string): KeyParts {
  makeFolder(folder);
  const buffers = Array.from({ length: PARTS }, () => Buffer.allocUnsafe(BUFFER_BYTES));
  const filled = new Uint32Array(PARTS);
  const fileOf = (part: number) => join(folder, String(part));
  let count = 0;

  function add(key: number): void {
    const part = Math.floor(key / REST_SPAN);
    const buffer = buffers[part] as Buffer;
    filled[part] = buffer.writeUIntBE(key % REST_SPAN, filled[part] ?? 0, REST_BYTES);
    count += 1;
    if (filled[part] === BUFFER_BYTES) flush(part);
  }

  function flush(part: number): void {
    appendFileSync(fileOf(part), (buffers[part] as Buffer).subarray(0, filled[part]));
    filled[part] = 0;
  }

  function sorted(part: number): Float64Array {
    flush(part);
    const rests = readFileSync(fileOf(part));
    const keys = new Float64Array(rests.length / REST_BYTES);
    for (let at = 0; at < keys.length; at++)
      keys[at] = part * REST_SPAN + rests.readUIntBE(at * REST_BYTES, REST_BYTES);
    return keys.sort();
  }

  return { add, count: () => count, sorted, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    throw new BreachListError(
      `${folder} is there: another list is being made, or was and did not end. In the second case delete that folder.`,
    );
  }
  mkdirSync(folder);
}
