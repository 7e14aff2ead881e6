import { type Pbkdf2, pbkdf2Hash } from "./derived-key.ts";
import type { ForeignHash, HashReader } from "./foreign-hash.ts";

/** PHC (`$pbkdf2-sha256$i=600000,l=32$salt$key`) and passlib (`$pbkdf2-sha256$29000$salt$key`). */
const MODULAR =
  /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=\d{1,3})?\$([A-Za-z0-9+/.]+)\$([A-Za-z0-9+/.]+)$/;
/** Django: `pbkdf2_sha256$600000$salt$key`. */
const DJANGO = /^pbkdf2_(sha1|sha256)\$(\d{1,9})\$([^$]+)\$([A-Za-z0-9+/]+={0,2})$/;
/** Werkzeug: `pbkdf2:sha256:600000$salt$hex`. */
const WERKZEUG = /^pbkdf2:(sha1|sha256|sha512):(\d{1,9})\$([^$]+)\$((?:[0-9a-f]{2})+)$/;

export const readPbkdf2: HashReader = (stored) =>
  readModular(stored) ??
  readSalted(DJANGO.exec(stored), "base64") ??
  readSalted(WERKZEUG.exec(stored), "hex");

function readModular(stored: string): ForeignHash | undefined {
  const [, digest = "sha1", iterations, salt, key] = MODULAR.exec(stored) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return hashOf(digest, iterations, adapted(salt), adapted(key));
}

/** With a salt that is text. */
function readSalted(found: RegExpExecArray | null, encoding: "base64" | "hex"): ForeignHash | undefined {
  const [, digest = "", iterations, salt, key] = found ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return hashOf(digest, iterations, Buffer.from(salt, "utf8"), Buffer.from(key, encoding));
}

function hashOf(digest: string, iterations: string | undefined, salt: Buffer, key: Buffer): ForeignHash {
  return pbkdf2Hash({ digest: digest as Pbkdf2["digest"], iterations: Number(iterations), salt, key });
}

/** passlib writes a dot for the plus. */
const adapted = (text: string) => Buffer.from(text.replaceAll(".", "+"), "base64");
