import { verify } from "@node-rs/bcrypt";
import type { HashReader } from "./foreign-hash.ts";

const SHAPE = /^\$2([abxy])\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const COSTS = { least: 4, most: 14 };

/** What bcrypt looks at of a password. */
const BYTES = 72;

export const readBcrypt: HashReader = (stored) => {
  const [, variant, digits] = SHAPE.exec(stored) ?? [];
  if (digits === undefined) return undefined;
  // Made by a fault of 2011 that takes different passwords for one another.
  if (variant === "x") return { refused: "Hashes of the kind $2x$ are not safe and are not taken." };
  const cost = Number(digits);
  if (cost < COSTS.least || cost > COSTS.most) {
    return { refused: `The cost of this bcrypt hash is ${cost}; ${COSTS.least} to ${COSTS.most} is taken.` };
  }
  return { verify: (password) => verify(password, stored) };
};

/** Whether a hash that fits speaks for all of a password, and not for its first 72 bytes alone. */
export function coversWhole(stored: string, password: string): boolean {
  return !SHAPE.test(stored) || Buffer.byteLength(password) <= BYTES;
}
