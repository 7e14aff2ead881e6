import { createHash, randomBytes } from "node:crypto";
import dns from "node:dns";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isBreached, isListed } from "#lib/policy/breach-list/is-breached.ts";
import { openBreachFilter } from "#lib/policy/breach-list/open-breach-filter.ts";
import { importedListPath } from "#lib/policy/breach-list/open-breach-list.ts";
import { readHibpFile } from "#lib/policy/breach-list/read-hibp-file.ts";
import { keptPasswords, readPasswordLists } from "#lib/policy/breach-list/read-password-lists.ts";
import { writeBreachFilter } from "#lib/policy/breach-list/write-breach-filter.ts";
import { changeSettings, singletons } from "#tests/support/settings.ts";
import sample from "./breach-list.sample.json" with { type: "json" };

const SHIPPED = "lib/policy/breach-list/breach-list.filter";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breach-list-"));
  useDataDir(folder);
});

afterEach(() => useDataDir(undefined));

function useDataDir(dir: string | undefined): void {
  changeSettings({ PORTAL_DATA_DIR: dir });
  delete singletons()["breach-list"];
}

function aFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function aFilter(...lists: string[]): Promise<string> {
  const target = join(folder, "made.filter");
  await writeBreachFilter(target, readPasswordLists(lists));
  return target;
}

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex");

const importHibp = (content: string | Buffer) =>
  writeBreachFilter(importedListPath(folder), readHibpFile(aFile("hibp.txt", content)));

describe("the list in the box (C3)", () => {
  test("knows every password of a sample of its sources", () => {
    expect(sample).toHaveLength(200);
    expect(sample.filter((password) => !isBreached(password))).toEqual([]);
  });

  test("knows a password whose letters were made capital ones", () => {
    const lower = sample.filter((password) => password === password.toLowerCase());
    expect(lower.length).toBeGreaterThan(100);
    expect(lower.filter((password) => !isBreached(password.toUpperCase()))).toEqual([]);
  });

  test("says the same when it is left on the disk, as a full one is", () => {
    const filter = openBreachFilter(SHIPPED, 0);
    expect(sample.filter((password) => !isListed(filter, password))).toEqual([]);
    expect(isListed(filter, "quilt marble 7 otter")).toBe(false);
    expect(() => filter.verify()).not.toThrow();
  });

  test("takes at most one in ten thousand for listed that is not", () => {
    const draws = 300_000;
    const bytes = randomBytes(draws * 12);
    let listed = 0;
    for (let at = 0; at < bytes.length; at += 12)
      if (isBreached(bytes.toString("base64url", at, at + 12))) listed += 1;
    expect(listed).toBeLessThanOrEqual(draws / 10_000);
  });

  test("does not know what the tests sign in with", () => {
    expect(["quilt marble 7 otter", "violet anchor 3 drum"].filter(isBreached)).toEqual([]);
  });

  test("is asked without the network", () => {
    const refuse = () => {
      throw new Error("A connection was opened.");
    };
    vi.spyOn(Socket.prototype, "connect").mockImplementation(refuse);
    vi.spyOn(dns, "lookup").mockImplementation(refuse as never);
    vi.stubGlobal("fetch", refuse);
    expect(isBreached("password123")).toBe(true);
    expect(isBreached("quilt marble 7 otter")).toBe(false);
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });
});

describe("a list that cannot be trusted lets nothing pass", () => {
  const shipped = readFileSync(SHIPPED);
  const changed = (at: number, value: number) => {
    const bytes = Buffer.from(shipped);
    bytes[at] = value;
    return bytes;
  };

  test.each([
    ["cut off", shipped.subarray(0, -1), "has 1917940 bytes instead of 1917941"],
    ["cut off in its header", shipped.subarray(0, 30), "has 30 bytes instead of"],
    ["empty", Buffer.alloc(0), "is no breach list"],
    ["longer than it says", Buffer.concat([shipped, Buffer.alloc(3)]), "bytes instead of"],
    ["another file", Buffer.from("123456\npassword\n".repeat(100)), "is no breach list"],
    ["of another version", changed(9, 2), "has version 2 instead of 1"],
    ["with an unknown shape", changed(10, 99), "header is damaged"],
    ["with one byte of its index changed", changed(200, (shipped[200] ?? 0) ^ 1), "content is damaged"],
    ["with one byte changed", changed(shipped.length - 1, (shipped.at(-1) ?? 0) ^ 1), "content is damaged"],
  ])("%s", (_, content, reason) => {
    const path = aFile("breach-list.filter", content);
    expect(() => isBreached("password123")).toThrow(`The breach list ${path} cannot be used: it`);
    // The second attempt must not find what the first one left.
    expect(() => isBreached("password123")).toThrow(reason);
  });

  test("not to be opened", () => {
    mkdirSync(importedListPath(folder));
    expect(() => isBreached("password123")).toThrow(importedListPath(folder));
  });

  test("not there", () => {
    const path = join(folder, "none.filter");
    expect(() => openBreachFilter(path)).toThrow(`The breach list ${path} cannot be used`);
  });

  test("damaged while it is in use, where it is too large for the memory", () => {
    const path = join(folder, "breach-list.filter");
    copyFileSync(SHIPPED, path);
    const filter = openBreachFilter(path, 0);
    expect(isListed(filter, "password123")).toBe(true);
    writeFileSync(
      path,
      Buffer.concat([shipped.subarray(0, 100_000), Buffer.alloc(shipped.length - 100_000)]),
    );
    expect(() => isListed(filter, "password123")).toThrow("content is damaged");
    writeFileSync(path, shipped.subarray(0, 100_000));
    expect(() => isListed(filter, "password123")).toThrow("ends too early");
    expect(() => openBreachFilter(path, 0)).toThrow("has 100000 bytes instead of");
  });

  test("damaged in its index, where it is too large for the memory", () => {
    const path = aFile(
      "breach-list.filter",
      Buffer.concat([shipped.subarray(0, 80), Buffer.alloc(shipped.length - 80)]),
    );
    expect(() => openBreachFilter(path, 0)).toThrow("content is damaged");
  });
});

describe("making a list", () => {
  test("every password of the sources that is kept is found, and nothing else", async () => {
    const passwords = Array.from({ length: 5_000 }, (_, number) => sha1(`${number}`).slice(0, 12));
    const list = aFile("list.txt", passwords.slice(0, 4_000).join("\r\n"));
    const json = aFile("list.json", JSON.stringify(passwords.slice(3_000, 4_500)));
    const filter = openBreachFilter(await aFilter(list, json));
    expect(filter.entries).toBe(4_500);
    expect(passwords.filter((password) => isListed(filter, password))).toEqual(passwords.slice(0, 4_500));
  });

  test("a composed and a decomposed spelling are the same password", async () => {
    const filter = openBreachFilter(await aFilter(aFile("list.txt", "cre\u0300me bru\u0302le\u0301e")));
    expect(isListed(filter, "cr\u00e8me br\u00fbl\u00e9e")).toBe(true);
    expect(isListed(filter, "Cre\u0300me Bru\u0302le\u0301e")).toBe(true);
  });

  test("what the rules refuse anyway, or nobody can type, is left out", () => {
    const lines = ["1234567", "12345678", "\u{1f9a6}".repeat(7), "\u{1f9a6}".repeat(8), "x".repeat(129)];
    const bytes = Buffer.concat([
      Buffer.from(`${lines.join("\n")}\nlatin`),
      Buffer.from([0xe9]),
      Buffer.from("1234\n"),
    ]);
    expect(keptPasswords(aFile("list.txt", bytes))).toEqual(["12345678", "\u{1f9a6}".repeat(8)]);
  });

  test("the same passwords give the same file, whatever their order", async () => {
    const [one, other] = [
      aFile("one.txt", sample.join("\n")),
      aFile("other.txt", sample.toReversed().join("\n")),
    ];
    const first = readFileSync(await aFilter(one));
    expect(readFileSync(await aFilter(other))).toEqual(first);
  });

  test.each([
    ["no list of strings", '{"passwords":["12345678"]}', "is not one JSON array of strings"],
    ["no JSON", "12345678", "is not one JSON array of strings"],
    ["a list without a usable password", "[]", "There is no password"],
  ])("%s is refused, and nothing is left behind", async (_, content, reason) => {
    const list = aFile("list.json", content);
    await expect(aFilter(list)).rejects.toThrow(reason);
    expect(readdirSync(folder)).toEqual(["list.json"]);
  });
});

describe("importing the full list", () => {
  test("upper case, lower case, CRLF, counts, none, and no end of the last line", async () => {
    const lines = [
      `${sha1("alpha bravo 1").toUpperCase()}:52372427\r\n`,
      `${sha1("charlie delta 2")}:1\n`,
      `${sha1("echo foxtrot 3").toUpperCase()}\r\n`,
      `${sha1("alpha bravo 1")}:3\n`,
      `${sha1("golf hotel 4").toUpperCase()}:7`,
    ];
    expect(await importHibp(lines.join(""))).toBe(4);
    const listed = ["alpha bravo 1", "charlie delta 2", "echo foxtrot 3", "golf hotel 4", "ALPHA bravo 1"];
    expect(listed.filter((password) => !isBreached(password))).toEqual([]);
    expect(isBreached("india juliet 5")).toBe(false);
  });

  test("it is used in place of the list in the box, from the next start on", async () => {
    expect(isBreached("password123")).toBe(true);
    await importHibp(`${sha1("alpha bravo 1")}:1`);
    expect(isBreached("alpha bravo 1")).toBe(false);
    delete singletons()["breach-list"];
    expect(isBreached("alpha bravo 1")).toBe(true);
    expect(isBreached("password123")).toBe(false);
  });

  test("lines that two pieces of the file share are whole", async () => {
    const passwords = Array.from({ length: 50_000 }, (_, number) => `password number ${number}`);
    expect(await importHibp(passwords.map((password) => `${sha1(password)}:1\r\n`).join(""))).toBe(50_000);
    expect(passwords.filter((password) => !isBreached(password))).toEqual([]);
  });

  const good = `${sha1("alpha bravo 1")}:1\r\n`;
  test.each([
    ["a hash that is too short", `${good}${sha1("x").slice(1)}:1\n${good}`, 2],
    ["a hash that is too long", `${good}${good}${sha1("x")}0:1\n`, 3],
    ["a digit that is none", `${"g".repeat(40)}:1\n${good}`, 1],
    ["a colon without a count", `${good}${sha1("x")}:\n`, 2],
    ["a count that is no number", `${good}${sha1("x")}:1e3\n`, 2],
    ["an empty line", `${good}\n${good}`, 2],
    ["hashes of another kind (NTLM)", `${"0123456789ABCDEF".repeat(2)}:1\n`, 1],
    ["a file without lines", Buffer.alloc(3_000_000, "a"), 1],
  ])("%s is named by its line, and the earlier list stays", async (_, content, line) => {
    await importHibp(`${sha1("golf hotel 4")}:1`);
    await expect(importHibp(content)).rejects.toThrow(
      `hibp.txt, line ${line}: expected 40 hexadecimal digits`,
    );
    expect(readdirSync(folder)).toEqual(["breach-list.filter", "hibp.txt"]);
    expect(isBreached("golf hotel 4")).toBe(true);
  });

  test("an import beside another one is refused, and does not disturb it", async () => {
    mkdirSync(`${importedListPath(folder)}.parts`);
    await expect(importHibp(good)).rejects.toThrow("another list is being made");
    expect(readdirSync(folder)).toContain("breach-list.filter.parts");
  });

  test("an import that the operator stops leaves nothing behind", async () => {
    const file = aFile("hibp.txt", good);
    const signal = AbortSignal.abort();
    await expect(writeBreachFilter(importedListPath(folder), readHibpFile(file), { signal })).rejects.toThrow(
      "aborted",
    );
    expect(readdirSync(folder)).toEqual(["hibp.txt"]);
  });
});
