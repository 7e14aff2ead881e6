import { createCipheriv } from "node:crypto";
import { sameBytes } from "#lib/core/crypto.ts";
import { deriveByScrypt, type ScryptCost, whyNotScrypt } from "./derived-key.ts";
import type { HashReader } from "./foreign-hash.ts";

/** What a Firebase project says of its hashes, as its console shows it. */
export type FirebaseParameters = {
  signerKey: string;
  saltSeparator: string;
  rounds: number;
  memoryCost: number;
};

const BASE64 = "[A-Za-z0-9+/]+={0,2}";
/** Written by us: `$firebase-scrypt$ln=14,r=8$salt$separator$signer key$key`. */
const SHAPE = new RegExp(
  `^\\$firebase-scrypt\\$ln=(\\d{1,2}),r=(\\d{1,2})\\$(${BASE64})\\$((?:${BASE64})?)\\$(${BASE64})\\$(${BASE64})$`,
);

const KEY_BYTES = 32;
const IV_BYTES = 16;

/** A hash of a Firebase project with all that is needed to hold a password against it. */
export function firebaseScrypt(hash: string, salt: string, project: FirebaseParameters): string {
  const { signerKey, saltSeparator, rounds, memoryCost } = project;
  const texts = [salt, saltSeparator, signerKey, hash].map(standardBase64);
  return `$firebase-scrypt$ln=${memoryCost},r=${rounds}$${texts.join("$")}`;
}

export const readFirebaseScrypt: HashReader = (stored) => {
  const [, ln, r, salt, separator, signerKey, key] = SHAPE.exec(stored) ?? [];
  if (salt === undefined || separator === undefined || signerKey === undefined || key === undefined) {
    return undefined;
  }
  const cost = { N: 2 ** Number(ln), r: Number(r), p: 1 };
  const refused = whyNotScrypt(cost);
  if (refused) return { refused };
  const salted = Buffer.concat([Buffer.from(salt, "base64"), Buffer.from(separator, "base64")]);
  const signer = Buffer.from(signerKey, "base64");
  return {
    verify: async (password) =>
      sameBytes(await signed(password, salted, cost, signer), Buffer.from(key, "base64")),
  };
};

/** The project's key, enciphered under what scrypt makes of the password. */
async function signed(password: string, salt: Buffer, cost: ScryptCost, signer: Buffer): Promise<Buffer> {
  const key = await deriveByScrypt(password, salt, KEY_BYTES, cost);
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(IV_BYTES));
  return Buffer.concat([cipher.update(signer), cipher.final()]);
}

/** Exports of Firebase write both alphabets. */
function standardBase64(text: string): string {
  return text.trim().replaceAll("-", "+").replaceAll("_", "/");
}
