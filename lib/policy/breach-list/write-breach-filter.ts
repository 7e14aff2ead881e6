import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { BreachListError } from "./breach-list-error.ts";
import { indexChecksum, remaindersChecksum } from "./filter-checksum.ts";
import {
  encodeFilterHeader,
  type FilterHeader,
  INDEX_AT,
  INDEX_CHECKSUM_AT,
  MAX_ENTRIES,
  MAX_PREFIX_BITS,
  REMAINDER_BYTES,
  REMAINDERS_CHECKSUM_AT,
  remaindersAt,
  splitKey,
} from "./filter-header.ts";
import { type KeyParts, openKeyParts, PARTS } from "./key-parts.ts";
import { openRandomAccessFile } from "./random-access-file.ts";

/** `note` is told how far it is, in words; `signal` ends the work and leaves nothing behind. */
export type Progress = { note?: (line: string) => void; signal?: AbortSignal };

/** Hands over the keys of all passwords, in any order and as often as it likes. */
export type KeySource = (add: (key: number) => void, progress: Progress) => Promise<void>;

/** With so many entries in a bucket, a remainder of 24 bits is found by chance 8 times in a million. */
const MEAN_BUCKET = 128;

/**
 * Writes a filter, in place of an earlier one only when it is whole, and gives the number of its entries. Needs 5 bytes
 * of disk for each key beside it meanwhile; of memory, the index (4 bytes for each bucket) and a 256th of the keys.
 * Throws BreachListError for no keys, for more than a filter counts, and while another one is being made there.
 */
export async function writeBreachFilter(
  target: string,
  source: KeySource,
  progress: Progress = {},
): Promise<number> {
  const draft = `${target}.draft`;
  const parts = openKeyParts(`${target}.parts`);
  try {
    await source(parts.add, progress);
    const entries = await writeDraft(draft, parts, progress);
    renameSync(draft, target);
    return entries;
  } finally {
    rmSync(draft, { force: true });
    parts.remove();
  }
}

async function writeDraft(path: string, parts: KeyParts, progress: Progress): Promise<number> {
  const prefixBits = prefixBitsFor(parts.count());
  const file = openSync(path, "w");
  try {
    const index = await writeRemainders(file, parts, prefixBits, progress);
    const header: FilterHeader = { entries: index.at(-1) ?? 0, prefixBits };
    writeAll(file, encodeFilterHeader(header), 0);
    writeAll(file, bigEndian(index), INDEX_AT);
    const written = openRandomAccessFile(path, 0);
    writeAll(file, indexChecksum(written, header), INDEX_CHECKSUM_AT);
    writeAll(file, remaindersChecksum(written, header), REMAINDERS_CHECKSUM_AT);
    written.close();
    fsyncSync(file);
    return header.entries;
  } finally {
    closeSync(file);
  }
}

function prefixBitsFor(keys: number): number {
  if (keys === 0) throw new BreachListError("There is no password for a breach list.");
  if (keys > MAX_ENTRIES) throw new BreachListError(`A breach list takes at most ${MAX_ENTRIES} passwords.`);
  return Math.min(MAX_PREFIX_BITS, Math.max(0, Math.ceil(Math.log2(keys / MEAN_BUCKET))));
}

/** Gives the index: for each bucket the number of entries before it, and at its end the number of all. */
async function writeRemainders(
  file: number,
  parts: KeyParts,
  prefixBits: number,
  { note, signal }: Progress,
): Promise<Uint32Array> {
  const header: FilterHeader = { entries: 0, prefixBits };
  const index = new Uint32Array(2 ** prefixBits + 1);
  let position = remaindersAt(header);
  for (let part = 0; part < PARTS; part++) {
    const remainders = takeRemainders(parts.sorted(part), header, index);
    writeAll(file, remainders, position);
    position += remainders.length;
    if ((part + 1) % 32 === 0) note?.(`${part + 1} of ${PARTS} parts written`);
    // Between two parts a signal of the operator is heard.
    await setImmediate(undefined, { signal });
  }
  for (let bucket = 1; bucket < index.length; bucket++)
    index[bucket] = (index[bucket] ?? 0) + (index[bucket - 1] ?? 0);
  return index;
}

/** Counts each key in the place after its bucket's, and leaves out what a filter of this size cannot tell apart. */
function takeRemainders(keys: Float64Array, header: FilterHeader, index: Uint32Array): Buffer {
  const remainders = Buffer.allocUnsafe(keys.length * REMAINDER_BYTES);
  let [size, lastBucket, lastRemainder] = [0, -1, -1];
  for (const key of keys) {
    const { bucket, remainder } = splitKey(key, header);
    if (bucket === lastBucket && remainder === lastRemainder) continue;
    size = remainders.writeUIntBE(remainder, size, REMAINDER_BYTES);
    index[bucket + 1] = (index[bucket + 1] ?? 0) + 1;
    [lastBucket, lastRemainder] = [bucket, remainder];
  }
  return remainders.subarray(0, size);
}

function bigEndian(numbers: Uint32Array): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.length * 4);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, at * 4);
  return bytes;
}

function writeAll(file: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
}
