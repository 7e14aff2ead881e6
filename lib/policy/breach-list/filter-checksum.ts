import { createHash } from "node:crypto";
import {
  type FilterHeader,
  filterBytes,
  INDEX_AT,
  INDEX_CHECKSUM_AT,
  remaindersAt,
} from "./filter-header.ts";
import type { RandomAccessFile } from "./random-access-file.ts";

const CHUNK_BYTES = 2 ** 20;

/** SHA-256 of what says where each bucket lies. Throws BreachListError where it ends too early. */
export function indexChecksum(file: RandomAccessFile, header: FilterHeader): Buffer {
  return checksumOf(file, [0, INDEX_CHECKSUM_AT], [INDEX_AT, remaindersAt(header)]);
}

/** SHA-256 of what lies in the buckets: of nearly all of the file. */
export function remaindersChecksum(file: RandomAccessFile, header: FilterHeader): Buffer {
  return checksumOf(file, [remaindersAt(header), filterBytes(header)]);
}

function checksumOf(file: RandomAccessFile, ...ranges: [from: number, end: number][]): Buffer {
  const sum = createHash("sha256");
  for (const [from, end] of ranges) {
    for (let at = from; at < end; at += CHUNK_BYTES)
      sum.update(file.readAt(at, Math.min(CHUNK_BYTES, end - at)));
  }
  return sum.digest();
}
