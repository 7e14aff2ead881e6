import { existsSync } from "node:fs";
import { type Database, databaseOf } from "./support/database.ts";
import { aFirm, type Firm } from "./support/firm.ts";
import { aMailServer } from "./support/mail-server.ts";
import { expect, portalOf, test } from "./support/portal.ts";
import { type RunningPortal, startPortal } from "./support/portal-process.ts";
import { killProgram } from "./support/processes.ts";
import { askForReset } from "./support/wire.ts";

test.describe("a worker that is killed while it sends", () => {
  test.describe.configure({ mode: "serial" });
  test.skip(!existsSync("/proc/self/stat"), "/proc: finding the worker's pid");

  let mailServer: Awaited<ReturnType<typeof aMailServer>>;
  let own: RunningPortal;
  let rows: Database;
  let home: Firm;

  test.beforeAll(async () => {
    test.setTimeout(120_000);
    mailServer = await aMailServer();
    own = await startPortal("e2e-crash", { env: { SMTP_URL: mailServer.url } });
    rows = databaseOf(own.ownerUrl);
    home = await aFirm(own);
  });

  test.afterAll(async () => {
    await rows?.end();
    mailServer?.release();
    await own?.stop();
    await mailServer?.close();
  });

  test("loses no mail between commit and send, and sends it once, under the Message-ID it had (REL2, DEC15)", async ({
    browser,
    source,
  }) => {
    mailServer.stallAt("sender");
    const before = mailServer.reached.sender;
    const visitor = portalOf(own, browser, source).visitor(home.slug);
    expect((await askForReset(visitor, home.people.marta.email)).status).toBe(303);
    await expect.poll(() => mailServer.reached.sender).toBe(before + 1);
    const promised = await onlyMailTo(home.people.marta.email);
    expect(promised.status).toBe("queued");

    await killWorker();
    mailServer.stallAt("nowhere");
    mailServer.release();

    await expect.poll(async () => (await onlyMailTo(home.people.marta.email)).status, LONG).toBe("sent");
    expect(mailServer.taken).toHaveLength(1);
    expect(mailServer.taken[0]?.messageId).toBe(promised.message_id);
    expect(mailServer.taken[0]?.bytes).toContain("/reset-password/");
    expect(await waitingJobs()).toBe(0);
  });

  test("repeats a mail that was taken but not recorded at most once: the same bytes, the same Message-ID (REL2, S5)", async ({
    browser,
    source,
  }) => {
    const before = mailServer.taken.length;
    mailServer.stallAt("answer");
    const answers = mailServer.reached.answer;
    const visitor = portalOf(own, browser, source).visitor(home.slug);
    await askForReset(visitor, home.people.priya.email);
    await expect.poll(() => mailServer.reached.answer).toBe(answers + 1);
    const promised = await onlyMailTo(home.people.priya.email);

    // Holding the row keeps the worker, which has its 250 by then, from recording the delivery.
    await rows.begin(async (locked) => {
      await locked`select 1 from outbox_emails where id = ${promised.id} for update`;
      mailServer.stallAt("nowhere");
      mailServer.release();
      await expect.poll(() => mailServer.taken.length).toBe(before + 1);
      await expect.poll(() => waitersFor(own)).toBeGreaterThan(0);
      await killWorker();
    });

    await expect.poll(async () => (await onlyMailTo(home.people.priya.email)).status, LONG).toBe("sent");
    const mails = mailServer.taken.slice(before);
    expect(mails).toHaveLength(2);
    expect(mails.map(({ messageId }) => messageId)).toEqual([promised.message_id, promised.message_id]);
    expect(withoutBoundaries(mails[1]?.bytes)).toBe(withoutBoundaries(mails[0]?.bytes));
    expect(await waitingJobs()).toBe(0);
  });

  const LONG = { timeout: 40_000 };

  async function onlyMailTo(address: string) {
    const found = await rows<{ id: string; status: string; message_id: string; attempts: number }[]>`
      select id, status, message_id, attempts from outbox_emails where to_address = ${address}`;
    expect(found).toHaveLength(1);
    const [mail] = found;
    if (!mail) throw new Error(`Nothing was promised to ${address}.`);
    return mail;
  }

  async function waitingJobs(): Promise<number> {
    await expect
      .poll(async () => (await rows`select 1 from graphile_worker._private_jobs`).length, LONG)
      .toBe(0);
    return (await rows`select 1 from graphile_worker._private_jobs`).length;
  }

  async function waitersFor({ ownerUrl }: RunningPortal): Promise<number> {
    const watching = databaseOf(ownerUrl);
    const waiting = await watching`select 1 from pg_locks where not granted`;
    await watching.end();
    return waiting.length;
  }

  const killWorker = () => killProgram(own.pid, "worker");
});

/** Multipart boundaries are random and say nothing. */
function withoutBoundaries(bytes = ""): string {
  const boundary = /boundary="([^"]+)"/.exec(bytes)?.[1];
  return boundary ? bytes.replaceAll(boundary, "BOUNDARY") : bytes;
}
