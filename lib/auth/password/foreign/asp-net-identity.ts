import { type Pbkdf2, pbkdf2Hash } from "./derived-key.ts";
import type { ForeignHash, HashReader } from "./foreign-hash.ts";

const SHAPE = /^A[A-Za-z0-9+/]{20,400}={0,2}$/;

const V2 = { version: 0x00, iterations: 1000, saltBytes: 16, bytes: 49 };
const V3 = { version: 0x01, headBytes: 13, digests: ["sha1", "sha256", "sha512"] };

/** ASP.NET Identity: one block in Base64, whose first byte says which version it is. */
export const readAspNetIdentity: HashReader = (stored) => {
  if (!SHAPE.test(stored)) return undefined;
  const block = Buffer.from(stored, "base64");
  if (block[0] === V2.version && block.length === V2.bytes) return readV2(block);
  return block[0] === V3.version && block.length > V3.headBytes ? readV3(block) : undefined;
};

function readV2(block: Buffer): ForeignHash {
  const { iterations, saltBytes } = V2;
  const salt = block.subarray(1, 1 + saltBytes);
  return pbkdf2Hash({ digest: "sha1", iterations, salt, key: block.subarray(1 + saltBytes) });
}

/** Three numbers in network order: function, iterations, length of the salt; then salt and key. */
function readV3(block: Buffer): ForeignHash | undefined {
  const digest = V3.digests[block.readUInt32BE(1)] as Pbkdf2["digest"] | undefined;
  const iterations = block.readUInt32BE(5);
  const end = V3.headBytes + block.readUInt32BE(9);
  if (!digest || end >= block.length) return undefined;
  const salt = block.subarray(V3.headBytes, end);
  return pbkdf2Hash({ digest, iterations, salt, key: block.subarray(end) });
}
