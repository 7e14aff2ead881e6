import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseOf } from "./support/database.ts";
import { aFirm } from "./support/firm.ts";
import { expect, portalOf, test } from "./support/portal.ts";
import { startPortal } from "./support/portal-process.ts";
import { aPassword, expectSignedOut, resetBy, signIn } from "./support/steps.ts";
import { askForReset } from "./support/wire.ts";

const LIBRARY = process.env.FAKETIME_LIBRARY;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

test.describe("by a clock that is moved", () => {
  test.skip(!LIBRARY, "libfaketime: moving the clock of the portal and of PostgreSQL");

  test("a link works 14 minutes and 59 seconds after it was made, and says after 15 minutes and a second that it has expired (S1, 002-09 to 002-12)", async ({
    browser,
    page,
    source,
  }) => {
    test.setTimeout(180_000);
    const clock = aClock();
    const own = await startPortal("e2e-clock", { env: clock.environment });
    const rows = databaseOf(own.ownerUrl);
    try {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      const { marta, priya } = firm.people;
      await askForReset(portal.visitor(firm.slug), marta.email);
      await askForReset(portal.visitor(firm.slug), priya.email);
      const inTime = await portal.emailTo(marta.email, { at: firm.slug });
      const tooLate = await portal.emailTo(priya.email, { at: firm.slug });

      clock.stopAt((await mintedFor(marta.email)) + 15 * MINUTE - SECOND);
      const [database] = await rows<{ now: Date }[]>`select now()`;
      expect(database?.now.getTime(), "PostgreSQL goes by the same clock").toBe(clock.stoppedAt());
      const password = aPassword();
      await resetBy(page, inTime, password);
      await expectSignedOut(page);
      await signIn(page, firm.url, { ...marta, password });

      clock.stopAt((await mintedFor(priya.email)) + 15 * MINUTE + SECOND);
      await page.context().clearCookies();
      await page.goto(tooLate.link);
      await expect(page.getByRole("dialog", { name: "This link has expired" })).toBeVisible();
      await page.getByRole("button", { name: "Reset Password" }).click();
      await page.getByLabel("Username or e-mail").fill(priya.email);
      await page.getByRole("button", { name: "Send Password Reset" }).click();
      await expect(page.getByRole("heading", { name: "Success" })).toBeVisible();
      await page.getByRole("button", { name: "Got it" }).click();
      await expectSignedOut(page);
      const again = await portal.emailTo(priya.email, { at: firm.slug });
      const chosen = aPassword();
      await resetBy(page, again, chosen);
      await expect(page.getByText("Your password has been changed.")).toBeVisible();
    } finally {
      await rows.end();
      await own.stop();
      clock.remove();
    }

    /** When the mail's secret was made, at the end of that second: the clock can be stopped at whole ones only. */
    async function mintedFor(email: string): Promise<number> {
      const [secret] = await rows<{ expires_at: Date }[]>`
        select expires_at from one_time_secrets where sent_to_key = ${email} and ended_at is null`;
      return Math.ceil(((secret?.expires_at.getTime() ?? 0) - 15 * MINUTE) / SECOND) * SECOND;
    }
  });
});

/** A clock for a whole tree of processes. It runs as usual until it is stopped at a moment. */
function aClock() {
  const dir = mkdtempSync(join(tmpdir(), "portal-clock-"));
  const file = join(dir, "now");
  let stopped = 0;
  // PostgreSQL may run under another account, and must read it too.
  chmodSync(dir, 0o755);
  writeFileSync(file, "+0", { mode: 0o644 });
  return {
    environment: {
      LD_PRELOAD: LIBRARY ?? "",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      TZ: "UTC",
    },
    stopAt(moment: number): void {
      stopped = moment;
      const text = new Date(moment).toISOString().replace("T", " ").slice(0, 19);
      writeFileSync(file, text);
    },
    stoppedAt: () => stopped,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
