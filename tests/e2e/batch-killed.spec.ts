import { existsSync } from "node:fs";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { type Database, databaseOf } from "./support/database.ts";
import { aFirm, type Firm } from "./support/firm.ts";
import { aMailServer } from "./support/mail-server.ts";
import { aCrowd, aNewPerson, useUpMailbox } from "./support/new-people.ts";
import { expect, test } from "./support/portal.ts";
import { type RunningPortal, startPortal } from "./support/portal-process.ts";
import { killProgram } from "./support/processes.ts";
import { signIn } from "./support/steps.ts";

/** Contacts who are mailed. */
const CROWD = proofSize(200, 10_000);

const LEFT_OUT = [
  ["Sid Single", "sid", { federated: true }, "Signs in by SSO"],
  ["Dan Disabled", "dan", { status: "disabled" }, "The account is disabled"],
  ["Fay Frozen", "fay", { frozen: true }, "Frozen by its owner"],
  ["Gus Nowhere", "gus", { withoutAddress: true }, "No e-mail address"],
  ["Ola Often", "ola", {}, "Sent 5 mails within the hour"],
  ["Pia Pressed", "pia", {}, "Sent a mail a moment ago"],
] as const;

test.describe("a batch whose worker is killed at half", () => {
  test.skip(!existsSync("/proc/self/stat"), "/proc: finding the worker's pid");

  let mailServer: Awaited<ReturnType<typeof aMailServer>>;
  let own: RunningPortal;
  let rows: Database;
  let home: Firm;

  test.beforeAll(async () => {
    test.setTimeout(120_000);
    mailServer = await aMailServer();
    own = await startPortal("e2e-batch", { env: { SMTP_URL: mailServer.url } });
    rows = databaseOf(own.ownerUrl);
    home = await aFirm(own);
  });

  test.afterAll(async () => {
    await rows?.end();
    mailServer?.release();
    await own?.stop();
    await mailServer?.close();
  });

  test("mails each of its people once, or the same mail again, and nobody two different ones; every reason to skip occurs (D1, DEC15)", {
    tag: "@prove-D1",
  }, async ({ page }) => {
    test.setTimeout(proofSize(180_000, 60 * 60_000));
    await rows`delete from client_contacts where tenant_id = (select id from tenants where slug = ${home.slug})`;
    await rows`
      delete from members where kind = 'contact' and tenant_id = (select id from tenants where slug = ${home.slug})`;
    await aCrowd(rows, home, CROWD);
    for (const [name, username, state] of LEFT_OUT) {
      await aNewPerson(rows, home, { kind: "contact", name, username, ...state });
    }
    await useUpMailbox(rows, home, "ola@people.example");

    await signIn(page, home.url, home.people.ada);
    await page.goto(`${home.url}/contacts`);
    await page.getByLabel(/^All .+ people, not only those ticked$/).check();
    await page.getByRole("button", { name: "Bulk Actions" }).click();
    await page.getByRole("button", { name: "Resend Login Credentials" }).click();
    await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText(
      `${CROWD + 1} people will be mailed, ${LEFT_OUT.length - 1} skipped`,
      { timeout: 60_000 },
    );
    // One whom somebody else helps between the preview and the sending.
    await rows`
      insert into rate_limits (tenant_id, key, whole_at)
      select tenant_id, 'reset:button:' || id, now() + interval '1 hour' from members where username = 'pia'`;
    await page.getByRole("button", { name: `Send to ${CROWD + 1} people` }).click();

    await killWorkerOnce(async () => (await mailsOf()).length >= CROWD / 4);
    await killWorkerOnce(async () => mailServer.taken.length >= CROWD / 2);
    await expect(page.getByText(`${CROWD} sent, ${LEFT_OUT.length} skipped.`)).toBeVisible({
      timeout: proofSize(120_000, 50 * 60_000),
    });

    await expectOneMailEach();
    await expectReasons();
  });

  /** Kills the worker as soon as this holds, and sees another one take its place. */
  async function killWorkerOnce(isTime: () => Promise<boolean>): Promise<void> {
    await expect.poll(isTime, { timeout: proofSize(60_000, 30 * 60_000), intervals: [50] }).toBe(true);
    await killProgram(own.pid, "worker");
  }

  function mailsOf() {
    return rows<{ to_address: string; message_id: string; status: string }[]>`
      select to_address, message_id, status from outbox_emails
       where tenant_id = (select id from tenants where slug = ${home.slug})`;
  }

  async function expectOneMailEach(): Promise<void> {
    const wanted = Array.from({ length: CROWD }, (_, index) => `crowd${index + 1}@people.example`).sort();
    const mails = await mailsOf();
    expect(mails.map(({ to_address }) => to_address).sort()).toEqual(wanted);
    expect(mails.filter(({ status }) => status !== "sent")).toEqual([]);

    const arrived = new Map<string, Set<string>>();
    for (const { bytes, messageId } of mailServer.taken) {
      const to = /^to:\s*(\S+)/im.exec(bytes)?.[1] ?? "";
      arrived.set(to, (arrived.get(to) ?? new Set()).add(`${messageId} ${linkIn(bytes)}`));
    }
    expect([...arrived.keys()].sort()).toEqual(wanted);
    expect([...arrived].filter(([, different]) => different.size !== 1)).toEqual([]);
    const repeated = mailServer.taken.length - CROWD;
    // A worker that is killed has four mails on the way at most.
    expect(repeated).toBeLessThanOrEqual(2 * 4);
    reportFigure("D1", "people mailed, the worker killed twice", CROWD);
    reportFigure("D1", "mails that arrived a second time under the same Message-ID", repeated);
  }

  async function expectReasons(): Promise<void> {
    const reasons = await rows<{ name: string; reason: string }[]>`
      select m.name, r.reason from credential_batch_rows r join members m on m.id = r.member_id
       where r.status = 'skipped' order by m.name`;
    expect(reasons.map(({ name }) => name)).toEqual(LEFT_OUT.map(([name]) => name).sort());
    expect(new Set(reasons.map(({ reason }) => reason)).size).toBe(LEFT_OUT.length);
  }
});

/** The token of the link, however the line is broken for the journey. */
function linkIn(bytes: string): string {
  const text = bytes.replace(/=\r?\n/g, "");
  return /\/invitation\/([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? "";
}
