import { type FirebaseParameters, firebaseScrypt } from "./firebase-scrypt.ts";
import { readForeignHash } from "./foreign-hash.ts";

type Given = { hash: string; salt: string; firebase?: FirebaseParameters };

/**
 * The form in which another system's hash is kept here, or why it is not taken: nobody could sign in by it, or a
 * sign-in by it would hold up everybody else.
 */
export function acceptForeignHash(given: Given): { hash: string } | { refused: string } {
  const hash = kept(given);
  const known = readForeignHash(hash);
  if (!known) return { refused: UNKNOWN };
  return "refused" in known ? known : { hash };
}

const UNKNOWN =
  "This is no password hash that is known here: bcrypt, scrypt, argon2, PBKDF2, ASP.NET Identity, phpass or Firebase scrypt.";

function kept({ hash, salt, firebase }: Given): string {
  const text = hash.trim();
  if (firebase && salt !== "" && !text.startsWith("$")) return firebaseScrypt(text, salt, firebase);
  // Django writes the name of its hasher before a hash that names itself.
  return text.replace(/^(?:argon2|bcrypt\$)(?=\$)/, "");
}
