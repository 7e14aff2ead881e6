import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptForeignHash } from "#lib/auth/password/foreign/accept-foreign-hash.ts";
import { coversWhole } from "#lib/auth/password/foreign/bcrypt.ts";
import { readForeignHash, verifyForeignHash } from "#lib/auth/password/foreign/foreign-hash.ts";
import { hashPassword, verifyPassword } from "#lib/auth/password/hash-password.ts";
import { FIREBASE, VECTORS } from "#tests/support/foreign-vectors.ts";

describe("a hash of another system is proven by its password and by no other (D6):", () => {
  test.each(VECTORS)("%s", async (_, password, hash) => {
    const taken = acceptForeignHash({ hash, salt: "" });
    expect(taken).toEqual({ hash });
    expect(await verifyForeignHash(hash, password)).toBe(true);
    expect(await verifyForeignHash(hash, `${password}x`)).toBe(false);
    expect(await verifyForeignHash(hash, "")).toBe(false);
  });

  test("Firebase scrypt, with the parameters of its project", async () => {
    const { hash, salt, project, password } = FIREBASE;
    const taken = acceptForeignHash({ hash, salt, firebase: project });
    if ("refused" in taken) throw new Error(taken.refused);
    expect(await verifyForeignHash(taken.hash, password)).toBe(true);
    expect(await verifyForeignHash(taken.hash, "user2password")).toBe(false);
  });

  test("Firebase scrypt in the alphabet for addresses, as its own exports write it", async () => {
    const { hash, salt, project, password } = FIREBASE;
    const forAddresses = (text: string) => text.replaceAll("+", "-").replaceAll("/", "_");
    const given = { hash: forAddresses(hash), salt: forAddresses(salt), firebase: project };
    const taken = acceptForeignHash(given);
    if ("refused" in taken) throw new Error(taken.refused);
    expect(await verifyForeignHash(taken.hash, password)).toBe(true);
  });

  test.each([
    ["argon2$", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"],
    ["bcrypt$$", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ])("with Django's word before it: %s", (word, hash) => {
    expect(acceptForeignHash({ hash: word.slice(0, -1) + hash, salt: "" })).toEqual({ hash });
  });
});

describe("a hash that would hold up the server is refused with the reason:", () => {
  test.each([
    ["bcrypt of cost 15", `$2b$15$${"a".repeat(53)}`, "cost"],
    ["the unsafe bcrypt of 2011", `$2x$05$${"a".repeat(53)}`, "not safe"],
    ["argon2 of 512 MiB", argon2("m=524288,t=1,p=1"), "costs too much"],
    ["argon2 of 256 MiB ten times over", argon2("m=262144,t=10,p=1"), "costs too much"],
    ["argon2 of a hundred lanes", argon2("m=65536,t=1,p=100"), "costs too much"],
    ["argon2 without a pass", argon2("m=65536,t=0,p=1"), "none that argon2 takes"],
    ["scrypt of a gibibyte", `$scrypt$ln=20,r=8,p=1$c29tZXNhbHQ$${"A".repeat(43)}`, "costs too much"],
    ["scrypt of ten thousand rounds", `$scrypt$ln=14,r=8,p=9999$c29tZXNhbHQ$${"A".repeat(43)}`, "too much"],
    ["scrypt of no power of two", `scrypt:1000:8:1$salt$${"ab".repeat(32)}`, "none that scrypt takes"],
    ["PBKDF2 of 2,000,001 iterations", `pbkdf2_sha256$2000001$salt$${"A".repeat(43)}=`, "iterations"],
    [
      "PBKDF2 of a key in seven blocks, each of which takes all iterations",
      `pbkdf2:sha1:2000000$salt$${"ab".repeat(128)}`,
      "iterations",
    ],
    ["PBKDF2 of no iteration", `pbkdf2_sha256$0$salt$${"A".repeat(43)}=`, "iterations"],
    ["PBKDF2 cut off to four bytes", "pbkdf2_sha256$1000$salt$AAAAAA==", "cut off"],
    ["phpass of 2^30 rounds", `$P$S12345678${"a".repeat(22)}`, "rounds"],
    ["Firebase scrypt of a gibibyte", "$firebase-scrypt$ln=20,r=8$QUFB$Bw==$QUFB$QUFB", "costs too much"],
  ])("%s", async (_, hash, reason) => {
    const taken = acceptForeignHash({ hash, salt: "" });
    expect(taken).toMatchObject({ refused: expect.stringContaining(reason) });
    expect(await verifyForeignHash(hash, "password")).toBe(false);
  });

  test.each([
    ["nothing", ""],
    ["a password as it is", "summer2026"],
    ["MD5 without a salt", "5f4dcc3b5aa765d61d8327deb882cf99"],
    ["SHA-1 in LDAP's form", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="],
    ["an unusable password of Django", "!abcdefgh"],
  ])("and what no system known here writes: %s", (_, hash) => {
    expect(acceptForeignHash({ hash, salt: "" })).toMatchObject({ refused: expect.any(String) });
  });
});

test("whatever stands there, reading it neither throws nor takes it for a hash", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 120 }), (text) => {
      expect(readForeignHash(text)).toBeUndefined();
    }),
  );
});

test("a password counts as it was typed, and in its NFC form (SEC2)", async () => {
  const decomposed = "l\u0065\u0300tmein";
  const django = "pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY=";
  expect(await verifyForeignHash(django, decomposed)).toBe(true);
});

test("of more than 72 bytes bcrypt has seen the beginning alone", () => {
  const hash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  expect(coversWhole(hash, "a".repeat(72))).toBe(true);
  expect(coversWhole(hash, "\u00e4".repeat(37))).toBe(false);
});

test("the house's own hashes are verified as before, and foreign ones by the same function", async () => {
  const own = await hashPassword("quilt marble 7 otter");
  expect(await verifyPassword(own, "quilt marble 7 otter")).toBe(true);
  expect(await verifyPassword(own, "quilt marble 8 otter")).toBe(false);
  const foreign = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  expect(await verifyPassword(foreign, "U*U")).toBe(true);
  expect(await verifyPassword(foreign, "U*V")).toBe(false);
});

function argon2(parameters: string): string {
  return `$argon2id$v=19$${parameters}$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc`;
}
