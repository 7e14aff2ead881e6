import { scryptHash } from "./derived-key.ts";
import type { ForeignHash, HashReader } from "./foreign-hash.ts";

/** PHC and passlib: `$scrypt$ln=16,r=8,p=1$salt$key`. */
const PHC =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,4}),p=(\d{1,4})\$([A-Za-z0-9+/]+)={0,2}\$([A-Za-z0-9+/]+)={0,2}$/;
/** Werkzeug: `scrypt:32768:8:1$salt$hex`. */
const WERKZEUG = /^scrypt:(\d{1,9}):(\d{1,4}):(\d{1,4})\$([^$]+)\$((?:[0-9a-f]{2})+)$/;
/** Django: `scrypt$16384$salt$8$1$key`. */
const DJANGO = /^scrypt\$(\d{1,9})\$([^$]+)\$(\d{1,4})\$(\d{1,4})\$([A-Za-z0-9+/]+={0,2})$/;

export const readScrypt: HashReader = (stored) =>
  readPhc(stored) ?? readWerkzeug(stored) ?? readDjango(stored);

function readPhc(stored: string): ForeignHash | undefined {
  const [, ln, r, p, salt, key] = PHC.exec(stored) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return scryptHash({ N: 2 ** Number(ln), r: Number(r), p: Number(p) }, base64(salt), base64(key));
}

function readWerkzeug(stored: string): ForeignHash | undefined {
  const [, N, r, p, salt, key] = WERKZEUG.exec(stored) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return scryptHash(
    { N: Number(N), r: Number(r), p: Number(p) },
    Buffer.from(salt, "utf8"),
    Buffer.from(key, "hex"),
  );
}

function readDjango(stored: string): ForeignHash | undefined {
  const [, N, salt, r, p, key] = DJANGO.exec(stored) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return scryptHash({ N: Number(N), r: Number(r), p: Number(p) }, Buffer.from(salt, "utf8"), base64(key));
}

const base64 = (text: string) => Buffer.from(text, "base64");
