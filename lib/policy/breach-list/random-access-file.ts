import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { BreachListError } from "./breach-list-error.ts";

/** Bytes by their position. Throws BreachListError where the file ends too early. */
export type RandomAccessFile = {
  size: number;
  readAt(position: number, size: number): Buffer;
  close(): void;
};

/** Takes a file of up to `heldBytes` into memory; of a larger one only what is asked for is ever read. */
export function openRandomAccessFile(path: string, heldBytes: number): RandomAccessFile {
  const file = openSync(path, "r");
  const { size } = fstatSync(file);
  if (size > heldBytes) return onDisk(file, size);
  try {
    return inMemory(readFileSync(file));
  } finally {
    closeSync(file);
  }
}

function inMemory(bytes: Buffer): RandomAccessFile {
  return {
    size: bytes.length,
    readAt: (position, size) => complete(bytes.subarray(position, position + size), size),
    close: () => {},
  };
}

function onDisk(file: number, fileSize: number): RandomAccessFile {
  return {
    size: fileSize,
    readAt(position, size) {
      const bytes = Buffer.allocUnsafe(size);
      return complete(bytes.subarray(0, readSync(file, bytes, 0, size, position)), size);
    },
    close: () => closeSync(file),
  };
}

function complete(bytes: Buffer, size: number): Buffer {
  if (bytes.length < size) throw new BreachListError("it ends too early");
  return bytes;
}
