import { expect, test } from "vitest";
import { listen } from "#db/listen.ts";
import { owner, ownerUrl } from "#tests/support/database.ts";

const CHANNEL = "told";

const tell = (payload: string) => owner()`select pg_notify(${CHANNEL}, ${payload})`;

test("what a broken connection did not hear is lost, and said to be; then it is heard again (REL7)", async () => {
  const told: string[] = [];
  const listening = listen(ownerUrl(), CHANNEL, {
    opened: () => told.push("opened"),
    heard: (payload) => told.push(payload),
    lost: () => told.push("lost"),
  });
  try {
    await expect.poll(() => told).toEqual(["opened"]);
    await tell("one");
    await expect.poll(() => told).toEqual(["opened", "one"]);
    await owner()`
      select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'portal listener'`;
    await expect.poll(() => told.slice(2, 3), { timeout: 10_000 }).toEqual(["lost"]);
    await expect.poll(() => told.at(-1), { timeout: 20_000 }).toBe("opened");
    await tell("two");
    await expect.poll(() => told.at(-1)).toBe("two");
  } finally {
    await listening.stop();
  }
});
