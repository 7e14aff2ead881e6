import { keyedHash, newestKey } from "#lib/core/crypto.ts";

/** `j***@a***.com`: enough for its owner to recognise, the same length for everybody. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  const end = domain.slice(domain.lastIndexOf("."));
  return `${firstOf(address)}***@${firstOf(domain)}***${end}`;
}

/**
 * A mask for a name that nobody has: made from the name by a keyed hash, so that it is the same each time and no
 * different in kind from a true one (X2).
 */
export function decoyMask(tenantId: string, nameKey: string): string {
  const noise = keyedHash(newestKey("decoy"), tenantId, nameKey);
  const pick = <T>(from: ArrayLike<T>, index: number) => from[(noise[index] ?? 0) % from.length] as T;
  const local = /^[a-z]/.test(nameKey) ? firstOf(nameKey) : pick(COMMON_INITIALS, 0);
  return `${local}***@${pick(COMMON_INITIALS, 1)}***${pick(COMMON_ENDINGS, 2)}`;
}

const COMMON_INITIALS = "aabbccddeefgghhijjkkllmmmnnopprrsssttvw";

const COMMON_ENDINGS = [".com", ".com", ".com", ".com", ".com", ".com", ".net", ".org", ".co", ".eu"];

function firstOf(text: string): string {
  return [...text][0] ?? "";
}
