import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { inHashQueue } from "#lib/auth/password/hash-queue.ts";
import { hasher, installHasher } from "#lib/auth/password/hasher.ts";
import { singletons } from "#tests/support/settings.ts";

const PLACES = 2;
const WAITING = 64 * PLACES;
const DEAR = 1000;
const OURS = 25;

let own: ReturnType<typeof hasher>;

/** The names of those that have begun to hash, in order, and what ends each of them. */
let begun: string[];
let ends: Map<string, () => void>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  delete singletons()["hash-queue"];
  own = hasher();
  installHasher({ ...own, places: PLACES });
  [begun, ends] = [[], new Map()];
});

afterEach(() => {
  installHasher(own);
  vi.useRealTimers();
});

/** One of a firm asks for a hash, under the firm's name with a number. */
function ask(name: string): Promise<void> {
  const hash = () =>
    new Promise<void>((end) => {
      begun.push(name);
      ends.set(name, end);
    });
  return inHashQueue(hash, name.replace(/\d+$/, ""));
}

const askAll = (firm: string, count: number) =>
  Array.from({ length: count }, (_, n) => ask(`${firm}${n + 1}`));

/** Lets the one that began first and has not ended run for so long. */
async function finishOne(milliseconds: number): Promise<void> {
  await settle();
  vi.advanceTimersByTime(milliseconds);
  const name = begun.find((one) => ends.has(one)) ?? "";
  ends.get(name)?.();
  ends.delete(name);
  await settle();
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function finishAll(): Promise<void> {
  for (let left = true; left; left = ends.size > 0) await finishOne(OURS);
}

describe("the queue for hashing", () => {
  test("takes one firm's in the order in which they came", async () => {
    const all = askAll("acme", 5);
    await finishAll();
    await Promise.all(all);
    expect(begun).toEqual(["acme1", "acme2", "acme3", "acme4", "acme5"]);
  });

  test("lets nobody wait behind another firm's dear hashes, but for those under way (SEC63)", async () => {
    const dear = askAll("acme", 20);
    await settle();
    const others = [...askAll("north", 3), ...askAll("south", 3)];
    for (let n = 0; n < 8; n += 1) await finishOne(begun.at(n)?.startsWith("acme") ? DEAR : OURS);

    const those = begun.slice(PLACES, 8);
    expect(those.toSorted()).toEqual(["north1", "north2", "north3", "south1", "south2", "south3"]);
    expect(those.slice(0, 2).toSorted(), "each of them in turn").toEqual(["north1", "south1"]);
    await finishAll();
    await Promise.all([...dear, ...others]);
  });

  test("gives a firm its turns, and nothing for the time that it left to others", async () => {
    const all = askAll("acme", 12);
    for (let n = 0; n < 6; n += 1) await finishOne(DEAR);
    const before = begun.length;
    all.push(...askAll("north", 6));
    for (let n = 0; n < 6; n += 1) await finishOne(DEAR);

    const ofNorth = begun.slice(before).filter((name) => name.startsWith("north"));
    expect([3, 4], "about every second one").toContain(ofNorth.length);
    await finishAll();
    await Promise.all(all);
  });

  test("is full for the firm that filled it, and sheds the last of that firm for another one (REL9)", async () => {
    const all = askAll("acme", PLACES + WAITING);
    const shed = all.pop();
    const outcome = expect(shed).rejects.toMatchObject({ code: "overloaded", status: 503 });
    await expect(ask("acme999")).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: 2 });
    const other = ask("north1");
    await outcome;
    await finishOne(OURS);
    expect(begun.at(-1)).toBe("north1");
    await finishAll();
    await Promise.all([...all, other]);
  });

  test("is empty when all have had their turn, whatever became of it", async () => {
    const failing = inHashQueue(() => Promise.reject(new Error("no such hash")), "acme");
    await expect(failing).rejects.toThrow("no such hash");
    const throwing = inHashQueue(() => {
      throw new Error("at once");
    }, "acme");
    await expect(throwing).rejects.toThrow("at once");
    const all = askAll("acme", WAITING);
    await finishAll();
    await Promise.all(all);
    expect(singletons()["hash-queue"]).toEqual({ running: 0, lines: new Map() });
  });
});
