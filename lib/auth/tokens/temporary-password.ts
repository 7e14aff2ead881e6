import { keyRing } from "#lib/core/crypto.ts";
import { hashOfTemporary } from "./mint-secret.ts";

/** What a mailed temporary password of a member lies in the database as, in hex: by each key that may have made it. */
export function temporaryHashes(memberId: string, typed: string): string[] {
  return keyRing("temporary-password").map((key) => hashOfTemporary(key, memberId, typed).toString("hex"));
}
