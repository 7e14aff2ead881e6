import { afterEach, describe, expect, test } from "vitest";
import {
  keyById,
  keyedHash,
  newestKey,
  randomCode,
  randomToken,
  sameBytes,
  seal,
  sha256,
  sign,
  unseal,
  verifySigned,
} from "#lib/core/crypto.ts";
import { env } from "#lib/core/env.ts";
import { changeSettings, SETTINGS } from "#tests/support/settings.ts";

const NEW_KEY = "n".repeat(40);

afterEach(() => changeSettings(SETTINGS));

describe("a sealed value", () => {
  const place = "firm/table.column/row";

  test("is opened where it was sealed", () => {
    for (const text of ["", "x", "\u00e4\u{1f5dd}", "a".repeat(10_000)]) {
      expect(unseal("outbox", place, seal("outbox", place, text))).toBe(text);
    }
  });

  test("looks different each time, and says nothing of what is in it", () => {
    const sealed = seal("outbox", place, "secret-text");
    expect(seal("outbox", place, "secret-text")).not.toBe(sealed);
    expect(Buffer.from(sealed.split(":")[3] ?? "", "base64url").toString()).not.toContain("secret");
  });

  test("is not opened at another place: it cannot be moved to another row or firm", () => {
    const sealed = seal("outbox", place, "x");
    expect(() => unseal("outbox", "firm/table.column/other", sealed)).toThrow();
    expect(() => unseal("outbox", "", sealed)).toThrow();
  });

  test("is not opened for another purpose", () => {
    expect(() => unseal("decoy", place, seal("outbox", place, "x"))).toThrow();
  });

  test("is not opened when any part of it was changed", () => {
    const parts = seal("outbox", place, "some text").split(":");
    for (const index of parts.keys()) {
      const changed = parts.with(index, flip(parts[index] ?? ""));
      expect(() => unseal("outbox", place, changed.join(":")), `part ${index}`).toThrow();
    }
    for (const broken of [
      "",
      "v1",
      "v1:::::",
      parts.slice(0, 4).join(":"),
      `v2:${parts.slice(1).join(":")}`,
    ]) {
      expect(() => unseal("outbox", place, broken)).toThrow();
    }
  });

  test("is not opened with a shortened tag", () => {
    const parts = seal("outbox", place, "some text").split(":");
    const tag = Buffer.from(parts[4] ?? "", "base64url");
    for (const length of [4, 8, 12]) {
      const short = parts.with(4, tag.subarray(0, length).toString("base64url")).join(":");
      expect(() => unseal("outbox", place, short), `${length} bytes`).toThrow();
    }
  });

  test("is opened by the key before while keys are being changed, and not after it is gone (SEC88)", () => {
    const sealed = seal("outbox", place, "x");
    changeSettings({ PORTAL_KEYS: `${NEW_KEY},${SETTINGS.PORTAL_KEYS}` });
    expect(unseal("outbox", place, sealed)).toBe("x");
    expect(seal("outbox", place, "x").split(":")[1]).toBe(newestKey("outbox").id);
    expect(seal("outbox", place, "x").split(":")[1]).not.toBe(sealed.split(":")[1]);
    changeSettings({ PORTAL_KEYS: NEW_KEY });
    expect(() => unseal("outbox", place, sealed)).toThrow(/not in PORTAL_KEYS/);
  });
});

describe("keys (DEC4)", () => {
  test("of two purposes have nothing in common but their id", () => {
    const [a, b] = [newestKey("outbox"), newestKey("one-time-code")];
    expect(a.id).toBe(b.id);
    expect(a.secret).not.toEqual(b.secret);
    expect(a.secret).toHaveLength(32);
  });

  test("have an id that says nothing of them", () => {
    expect(newestKey("outbox").id).toMatch(/^[0-9a-f]{8}$/);
    expect(SETTINGS.PORTAL_KEYS).not.toContain(newestKey("outbox").id);
  });

  test("are found by their id, the newest first", () => {
    const { id } = newestKey("outbox");
    changeSettings({ PORTAL_KEYS: `${NEW_KEY}, ${SETTINGS.PORTAL_KEYS}` });
    expect(newestKey("outbox").id).not.toBe(id);
    expect(keyById("outbox", id)).toBeDefined();
    expect(keyById("outbox", "00000000")).toBeUndefined();
  });

  test.each([
    ["missing", undefined],
    ["empty", ""],
    ["short", "too-short"],
    ["one short among good ones", `${NEW_KEY},short`],
    ["an empty one among good ones", `${NEW_KEY},`],
  ])("that are unfit stop the start, and are named: %s (SEC88)", (_, keys) => {
    changeSettings({ PORTAL_KEYS: keys });
    expect(() => env()).toThrow(/PORTAL_KEYS/);
  });
});

describe("a keyed hash", () => {
  test("tells lists of parts apart that read the same (INC29)", () => {
    const key = newestKey("one-time-code");
    const hashes = [
      ["ab", "c"],
      ["a", "bc"],
      ["abc"],
      ["abc", ""],
      ["", "abc"],
      ["a", "b", "c"],
      ["1:a"],
    ].map((parts) => keyedHash(key, ...parts).toString("hex"));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("of six digits is not their plain hash (SEC21)", () => {
    expect(keyedHash(newestKey("one-time-code"), "123456")).not.toEqual(sha256("123456"));
  });
});

describe("random", () => {
  test("tokens have 256 bits and do not repeat", () => {
    const tokens = Array.from({ length: 2000 }, randomToken);
    expect(new Set(tokens).size).toBe(2000);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test("codes are six digits, and each digit is as likely as another at each place (SEC21)", () => {
    const codes = Array.from({ length: 60_000 }, () => randomCode(6));
    for (let place = 0; place < 6; place += 1) {
      const counts = Array.from({ length: 10 }, () => 0);
      for (const code of codes) counts[Number(code[place])] = (counts[Number(code[place])] ?? 0) + 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 6000) ** 2 / 6000, 0);
      // 9 degrees of freedom: beyond 50 once in ten million.
      expect(chiSquare).toBeLessThan(50);
    }
    expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
  });
});

test("a signed text is verified whole, or is none", () => {
  const signed = sign("decoy", "a.b.c");
  expect(verifySigned("decoy", signed)).toBe("a.b.c");
  expect(verifySigned("outbox", signed)).toBeUndefined();
  for (const value of ["", "a.b.c", "a.b.c.", signed.slice(1), `x${signed}`]) {
    expect(verifySigned("decoy", value)).toBeUndefined();
  }
});

test("bytes are the same, or of another length, or not", () => {
  expect(sameBytes(Buffer.from("a"), Buffer.from("a"))).toBe(true);
  expect(sameBytes(Buffer.from("a"), Buffer.from("b"))).toBe(false);
  expect(sameBytes(Buffer.from("a"), Buffer.from("aa"))).toBe(false);
});

/** The same text with another first letter. */
function flip(text: string): string {
  return (text.startsWith("A") ? "B" : "A") + text.slice(1);
}
