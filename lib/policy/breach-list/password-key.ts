import { hash } from "node:crypto";

/** What a filter knows of a password: the first 48 bits of the SHA-1 of its UTF-8 bytes. */
export const KEY_BITS = 48;

/** As a number, which holds 53 bits. SHA-1 because the full list of Have I Been Pwned is published as such. */
export function passwordKey(text: string): number {
  return hash("sha1", text, "buffer").readUIntBE(0, KEY_BITS / 8);
}
