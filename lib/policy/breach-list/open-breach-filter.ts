import { BreachListError } from "./breach-list-error.ts";
import { indexChecksum, remaindersChecksum } from "./filter-checksum.ts";
import {
  CHECKSUM_BYTES,
  decodeFilterHeader,
  type FilterHeader,
  filterBytes,
  INDEX_AT,
  INDEX_CHECKSUM_AT,
  REMAINDER_BYTES,
  REMAINDERS_CHECKSUM_AT,
  remaindersAt,
  splitKey,
} from "./filter-header.ts";
import { openRandomAccessFile, type RandomAccessFile } from "./random-access-file.ts";

export type BreachFilter = {
  path: string;
  entries: number;
  /** Two reads of less than a kilobyte. Throws BreachListError where what they find cannot be. */
  has(key: number): boolean;
  /** Reads all of the buckets. Throws BreachListError where a byte is not what it was. */
  verify(): void;
};

/** The list in the box is held in memory and verified when it is opened. A full one is 3 GB, and stays where it is. */
const HELD_BYTES = 16 * 2 ** 20;

/**
 * Opens a filter. Throws BreachListError, with its path, for one that is missing or damaged. The buckets of one that is
 * larger than `heldBytes` are looked through when they are needed; its index always is, because an index of zeros
 * would say that every bucket is empty.
 */
export function openBreachFilter(path: string, heldBytes = HELD_BYTES): BreachFilter {
  const file = explained(path, () => openRandomAccessFile(path, heldBytes));
  try {
    const header = explained(path, () => readHeader(file));
    const filter: BreachFilter = {
      path,
      entries: header.entries,
      has: (key) => explained(path, () => hasKey(file, header, key)),
      verify: () => explained(path, () => verifyRemainders(file, header)),
    };
    if (file.size <= heldBytes) filter.verify();
    return filter;
  } catch (error) {
    file.close();
    throw error;
  }
}

function explained<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BreachListError(`The breach list ${path} cannot be used: ${reason}.`, { cause: error });
  }
}

function readHeader(file: RandomAccessFile): FilterHeader {
  const header = decodeFilterHeader(file.readAt(0, Math.min(file.size, INDEX_AT)));
  const due = filterBytes(header);
  if (file.size !== due) throw new BreachListError(`it has ${file.size} bytes instead of ${due}`);
  const checksum = file.readAt(INDEX_CHECKSUM_AT, CHECKSUM_BYTES);
  if (!indexChecksum(file, header).equals(checksum)) throw damaged();
  return header;
}

function verifyRemainders(file: RandomAccessFile, header: FilterHeader): void {
  const checksum = file.readAt(REMAINDERS_CHECKSUM_AT, CHECKSUM_BYTES);
  if (!remaindersChecksum(file, header).equals(checksum)) throw damaged();
}

function hasKey(file: RandomAccessFile, header: FilterHeader, key: number): boolean {
  const { bucket, remainder } = splitKey(key, header);
  const bounds = file.readAt(INDEX_AT + bucket * 4, 8);
  const [first, end] = [bounds.readUInt32BE(0), bounds.readUInt32BE(4)];
  if (first > end || end > header.entries) throw damaged();
  const size = (end - first) * REMAINDER_BYTES;
  return contains(file.readAt(remaindersAt(header) + first * REMAINDER_BYTES, size), remainder);
}

/** Looks at all of them, because a bucket that is out of order is a damaged one. */
function contains(remainders: Buffer, wanted: number): boolean {
  let found = false;
  let previous = -1;
  for (let at = 0; at < remainders.length; at += REMAINDER_BYTES) {
    const remainder = remainderAt(remainders, at);
    if (remainder <= previous) throw damaged();
    previous = remainder;
    found ||= remainder === wanted;
  }
  return found;
}

/** readUIntBE would look at its arguments 150 times for each password. */
function remainderAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

function damaged(): BreachListError {
  return new BreachListError("its content is damaged");
}
