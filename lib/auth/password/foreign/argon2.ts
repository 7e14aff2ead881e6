import { verify } from "@node-rs/argon2";
import type { HashReader } from "./foreign-hash.ts";

const SHAPE =
  /^\$(argon2(?:id|i|d))(?:\$v=(16|19))?\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,10})\$([A-Za-z0-9+/]{8,128}\$[A-Za-z0-9+/]{16,172})$/;

const MOST_MEMORY_KIB = 256 * 1024;
/** Memory times passes: what a verification takes of a core. */
const MOST_WORK_KIB = 512 * 1024;
const MOST_LANES = 16;

export const readArgon2: HashReader = (stored) => {
  const [, kind, version = "16", m, t, p, rest] = SHAPE.exec(stored) ?? [];
  if (rest === undefined) return undefined;
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)];
  if (passes < 1 || lanes < 1 || memory < 8 * lanes) {
    return { refused: "The parameters of this argon2 hash are none that argon2 takes." };
  }
  if (memory > MOST_MEMORY_KIB || memory * passes > MOST_WORK_KIB || lanes > MOST_LANES) {
    return { refused: `This argon2 hash costs too much: ${memory} KiB, ${passes} passes, ${lanes} lanes.` };
  }
  // One that names no version is older than that names are.
  const named = `$${kind}$v=${version}$m=${m},t=${t},p=${p}$${rest}`;
  return { verify: (password) => verify(named, password) };
};
