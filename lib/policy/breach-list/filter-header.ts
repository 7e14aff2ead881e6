import { BreachListError } from "./breach-list-error.ts";
import { KEY_BITS } from "./password-key.ts";

/** How many passwords a filter has, and how many leading bits of a key say in which bucket it lies. */
export type FilterHeader = { entries: number; prefixBits: number };

const MAGIC = "BREACHED";
const VERSION = 1;

/** Of the key's remaining bits these follow in the bucket. */
const REMAINDER_BITS = 24;
export const REMAINDER_BYTES = REMAINDER_BITS / 8;

/** The prefix and the remainder are all that there is of a key. */
export const MAX_PREFIX_BITS = KEY_BITS - REMAINDER_BITS;

/** Entries are counted in 32 bits. */
export const MAX_ENTRIES = 2 ** 32 - 1;

const FIELD_BYTES = 16;

/** SHA-256 of the fields and the index, SHA-256 of the remainders. */
export const CHECKSUM_BYTES = 32;
export const INDEX_CHECKSUM_AT = FIELD_BYTES;
export const REMAINDERS_CHECKSUM_AT = INDEX_CHECKSUM_AT + CHECKSUM_BYTES;

export const INDEX_AT = REMAINDERS_CHECKSUM_AT + CHECKSUM_BYTES;

export function encodeFilterHeader({ entries, prefixBits }: FilterHeader): Buffer {
  const fields = Buffer.alloc(FIELD_BYTES);
  fields.write(MAGIC, 0, "latin1");
  fields.writeUInt16BE(VERSION, 8);
  fields.writeUInt8(prefixBits, 10);
  fields.writeUInt8(REMAINDER_BITS, 11);
  fields.writeUInt32BE(entries, 12);
  return fields;
}

/** Throws BreachListError for what is no filter, or one of another version. */
export function decodeFilterHeader(fields: Buffer): FilterHeader {
  if (fields.length < FIELD_BYTES || fields.toString("latin1", 0, 8) !== MAGIC) {
    throw new BreachListError("it is no breach list");
  }
  const version = fields.readUInt16BE(8);
  if (version !== VERSION) throw new BreachListError(`it has version ${version} instead of ${VERSION}`);
  const header = { prefixBits: fields.readUInt8(10), entries: fields.readUInt32BE(12) };
  const isKnown = header.prefixBits <= MAX_PREFIX_BITS && fields.readUInt8(11) === REMAINDER_BITS;
  if (!isKnown || header.entries === 0) throw new BreachListError("its header is damaged");
  return header;
}

/** Where the remainders begin: after an index that says for each bucket which of them is its first, and the end. */
export function remaindersAt({ prefixBits }: FilterHeader): number {
  return INDEX_AT + (2 ** prefixBits + 1) * 4;
}

export function filterBytes(header: FilterHeader): number {
  return remaindersAt(header) + header.entries * REMAINDER_BYTES;
}

/** Both parts of a key; the bits that no filter of this size keeps are dropped. */
export function splitKey(key: number, { prefixBits }: FilterHeader): { bucket: number; remainder: number } {
  const kept = Math.floor(key / 2 ** (MAX_PREFIX_BITS - prefixBits));
  return { bucket: Math.floor(kept / 2 ** REMAINDER_BITS), remainder: kept % 2 ** REMAINDER_BITS };
}
