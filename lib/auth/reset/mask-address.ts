import { keyedHash, newestKey } from "#lib/core/crypto.ts";

/** `j***@a***.com`: enough for its owner to recognise, the same length for everybody. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  const end = domain.slice(domain.lastIndexOf("."));
  return `${firstOf(address)}***@${firstOf(domain)}***${end}`;
}

/** An account of the firm whose username is not its address, as the model of a decoy. */
export type Model = { usernameKey: string; emailKey: string };

/** Where to look for the model of a name's decoy: the same place each time, no two names alike. */
export function modelId(tenantId: string, nameKey: string): string {
  const hex = noiseOf(tenantId, nameKey).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/**
 * A mask for a name that nobody has: the same each time, and no different in kind from the firm's true ones, since it
 * has another account's domain and begins as that account's address does to its username (X2, B5).
 */
export function decoyMask(tenantId: string, nameKey: string, model?: Model): string {
  const noise = noiseOf(tenantId, nameKey);
  const pick = (from: readonly string[] | string, index: number) =>
    from[(noise[index] ?? 0) % from.length] ?? "";
  const domain = model?.emailKey.split("@")[1] ?? `${pick(COMMON_INITIALS, 29)}${pick(COMMON_ENDINGS, 30)}`;
  const likeTheName = !model || firstOf(model.emailKey) === firstOf(model.usernameKey);
  const local = likeTheName ? firstOf(nameKey) : firstOf(model.emailKey);
  return maskAddress(`${/[a-z0-9]/.test(local) ? local : pick(COMMON_INITIALS, 31)}@${domain}`);
}

const COMMON_INITIALS = "aabbccddeefgghhijjkkllmmmnnopprrsssttvw";

const COMMON_ENDINGS = [".com", ".com", ".com", ".com", ".com", ".com", ".net", ".org", ".co", ".eu"];

function noiseOf(tenantId: string, nameKey: string): Buffer {
  return keyedHash(newestKey("decoy"), tenantId, nameKey);
}

function firstOf(text: string): string {
  return [...text][0] ?? "";
}
