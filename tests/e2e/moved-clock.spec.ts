import { type Database, databaseOf } from "./support/database.ts";
import { codeOfStep } from "./support/factors.ts";
import { aFirm } from "./support/firm.ts";
import { aClock, FAKETIME, type MovedClock } from "./support/moved-clock.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, type Portal, portalOf, test } from "./support/portal.ts";
import { startPortal } from "./support/portal-process.ts";
import { aPassword, expectSignedOut, resetBy, signIn } from "./support/steps.ts";
import { askForReset, callAs, openLink, signInOnTheWire } from "./support/wire.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Twice a month, and from the last three weeks on each day. */
const DAYS_OF_A_YEAR = Array.from({ length: 365 }, (_, day) => day + 1).filter(
  (day) => day > 344 || day % 15 === 0,
);

/** One portal for all of them, since the clock is its own. Each test goes on from where the one before left it. */
test.describe
  .serial("by a clock that is moved", () => {
    test.skip(!FAKETIME, "libfaketime: moving the clock of the portal and of PostgreSQL");
    test.setTimeout(240_000);

    let own: Awaited<ReturnType<typeof startPortal>>;
    let rows: Database;
    let clock: MovedClock;

    test.beforeAll(async () => {
      clock = aClock();
      own = await startPortal("e2e-clock", { env: clock.environment });
      rows = databaseOf(own.ownerUrl);
    });

    test.afterAll(async () => {
      await rows?.end();
      await own?.stop();
      clock?.remove();
    });

    test("a link works 14 minutes and 59 seconds after it was made, and says after 15 minutes and a second that it has expired (S1, B2, 002-09 to 002-12)", async ({
      browser,
      page,
      source,
    }) => {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      const { marta, priya } = firm.people;
      await askForReset(portal.visitor(firm.slug), marta.email);
      await askForReset(portal.visitor(firm.slug), priya.email);
      const inTime = await portal.emailTo(marta.email, { at: firm.slug });
      const tooLate = await portal.emailTo(priya.email, { at: firm.slug });

      clock.stopAt((await mintedFor(marta.email, 15 * MINUTE)) + 15 * MINUTE - SECOND);
      const [database] = await rows<{ now: Date }[]>`select now()`;
      expect(database?.now.getTime(), "PostgreSQL goes by the same clock").toBe(clock.stoppedAt());
      const password = aPassword();
      await resetBy(page, inTime, password);
      await expectSignedOut(page);
      await signIn(page, firm.url, { ...marta, password });

      clock.stopAt((await mintedFor(priya.email, 15 * MINUTE)) + 15 * MINUTE + SECOND);
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
    });

    test("a temporary password works a second before its 48 hours are over, and a second after them no more (001-05, B6)", async ({
      browser,
      source,
    }) => {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      await chooseOptions(rows, firm.slug, { recoveryProfile: "temporary_password" });
      const { marta, priya } = firm.people;
      const temporaryOf = async (email: string) => {
        await askForReset(portal.visitor(firm.slug), email);
        const { text } = await portal.emailTo(email, { at: firm.slug });
        return /[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/.exec(text)?.[0] ?? "";
      };
      const martas = await temporaryOf(marta.email);
      const priyas = await temporaryOf(priya.email);

      clock.stopAt((await mintedFor(marta.email, 48 * HOUR)) + 48 * HOUR - SECOND);
      expect(await signInByProgram(portal, firm.slug, marta.email, martas)).toMatchObject({
        status: 403,
        reason: "temporary",
      });
      clock.stopAt((await mintedFor(priya.email, 48 * HOUR)) + 48 * HOUR + SECOND);
      expect(await signInByProgram(portal, firm.slug, priya.email, priyas)).toMatchObject({ status: 401 });
    });

    test("a password expires after 30, 60, 90, 180 and 365 days: good a second before, due a second after (000-15, 000-17, C5)", async ({
      browser,
      page,
      source,
    }) => {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      const { marta } = firm.people;
      const [made] = await rows<{ at: Date }[]>`
      select changed_at as at from password_credentials c join members m on m.id = c.member_id
       where m.email_key = ${marta.email} and m.tenant_id = (select id from tenants where slug = ${firm.slug})`;
      const changedAt = Math.ceil((made?.at.getTime() ?? 0) / SECOND) * SECOND;

      for (const expiryDays of [30, 60, 90, 180, 365] as const) {
        await chooseOptions(rows, firm.slug, { expiryDays });
        clock.stopAt(changedAt + expiryDays * DAY - SECOND);
        const before = await signInByProgram(portal, firm.slug, marta.email, marta.password);
        expect(before, `${expiryDays} days, a second before`).toMatchObject({ status: 201 });
        clock.stopAt(changedAt + expiryDays * DAY + SECOND);
        const after = await signInByProgram(portal, firm.slug, marta.email, marta.password);
        expect(after, `${expiryDays} days, a second after`).toMatchObject({ status: 403, reason: "expired" });
      }

      await signIn(page, firm.url, marta);
      await expect(page).toHaveURL(/\/change-password/);
      await expect(page.getByText(/expired/i).first()).toBeVisible();
    });

    test("a simulated year brings three warnings, 14, 7 and 1 days before the end, and none after a change (000-16, C6)", async ({
      browser,
      source,
    }) => {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      await chooseOptions(rows, firm.slug, { expiryDays: 365 });
      const { marta, priya } = firm.people;
      const begun = await presentMoment();
      const warned = { [marta.email]: [] as number[], [priya.email]: [] as number[] };

      for (const day of DAYS_OF_A_YEAR) {
        clock.stopAt(begun + day * DAY + HOUR);
        await runChores();
        for (const [email, days] of Object.entries(warned)) {
          const mails = await portal.countMailTo(email, firm.slug);
          days.push(...Array.from({ length: mails - days.length }, () => 365 - day));
        }
        await (day === 355 && changeNow(priya.email, firm.slug));
      }
      expect(warned[marta.email], "days before the end").toEqual([14, 7, 1]);
      expect(warned[priya.email], "the one before the change").toEqual([14]);
    });

    test("a session ends when nothing was asked for five minutes, and after an hour of asking all along: open a second before, shut a second after (I3, SEC47)", async ({
      browser,
      source,
    }) => {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      await chooseOptions(rows, firm.slug, { idleMinutes: 5, sessionHours: 1 });
      clock.stopAt(await presentMoment());
      const begun = clock.stoppedAt();
      const { ravi, tom } = firm.people;
      const [asking, idle] = [
        await signInByProgram(portal, firm.slug, ravi.username, ravi.password),
        await signInByProgram(portal, firm.slug, tom.username, tom.password),
      ];
      const stateAt = async (moment: number, { token = "" }: { token?: string }) => {
        clock.stopAt(moment);
        return (await callAs(portal.visitor(firm.slug), token, "GET /session")).status;
      };

      expect(await stateAt(begun + 5 * MINUTE - SECOND, asking)).toBe(200);
      expect(await stateAt(begun + 5 * MINUTE + SECOND, idle)).toBe(401);
      for (let minute = 9; minute < 60; minute += 4) await stateAt(begun + minute * MINUTE, asking);
      expect(await stateAt(begun + HOUR - SECOND, asking)).toBe(200);
      expect(await stateAt(begun + HOUR + SECOND, asking)).toBe(401);
    });

    test("a second factor that is required from a date is asked for a second after it, and not a second before (F4)", async ({
      browser,
      source,
    }) => {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      clock.stopAt(await presentMoment());
      const from = clock.stoppedAt() + 14 * DAY;
      const secondFactorFrom = new Date(from).toISOString();
      await chooseOptions(rows, firm.slug, { secondFactor: "required", secondFactorFrom });
      const { username, password } = firm.people.ravi;

      clock.stopAt(from - SECOND);
      expect(await signInByProgram(portal, firm.slug, username, password)).toMatchObject({ status: 201 });
      clock.stopAt(from + SECOND);
      expect(await signInByProgram(portal, firm.slug, username, password)).toMatchObject({
        status: 403,
        duty: "enroll_second_factor",
      });
    });

    test("lost second factors are there a second before their day is over, and taken away a second after (F3)", async ({
      browser,
      source,
    }) => {
      const portal = portalOf(own, browser, source);
      const firm = await aFirm(own);
      await chooseOptions(rows, firm.slug, { secondFactor: "required" });
      clock.stopAt(await presentMoment());
      const { ravi } = firm.people;
      const dutyNow = async () =>
        (await signInByProgram(portal, firm.slug, ravi.username, ravi.password)).duty;
      const { token = "" } = await signInByProgram(portal, firm.slug, ravi.username, ravi.password);
      const begun = await callAs(portal.visitor(firm.slug), token, "POST /session/authenticator-app");
      const { secret } = JSON.parse(begun.body) as { secret: string };
      const code = codeOfStep(secret, Math.floor(clock.stoppedAt() / (30 * SECOND)));
      await callAs(portal.visitor(firm.slug), token, "PUT /session/authenticator-app", { code });

      const visitor = portal.visitor(firm.slug);
      await signInOnTheWire(visitor, ravi);
      await visitor.submit("/second-factor/lost", { form: "Lost device" });
      const mail = await portal.emailTo(ravi.email, { at: firm.slug, subject: /^Have you lost/ });
      const page = await openLink(visitor, mail.link);
      await visitor.post("/lost-device", page.body, {
        form: "Confirm that your device is lost",
        fill: { code: mail.code },
      });
      const heldUntil = clock.stoppedAt() + DAY;
      await portal.emailTo(ravi.email, { at: firm.slug, subject: /will be taken away$/ });

      clock.stopAt(heldUntil - SECOND);
      await runChores();
      expect(await dutyNow()).toBe("second_factor");
      clock.stopAt(heldUntil + SECOND);
      await runChores();
      expect(await dutyNow()).toBe("enroll_second_factor");
    });

    async function presentMoment(): Promise<number> {
      const [row] = await rows<{ now: Date }[]>`select now()`;
      return Math.ceil((row?.now.getTime() ?? 0) / SECOND) * SECOND;
    }

    async function changeNow(email: string, slug: string): Promise<void> {
      await rows`update password_credentials set changed_at = now(), warned_days = null
      where member_id = (select id from members where email_key = ${email}
        and tenant_id = (select id from tenants where slug = ${slug}))`;
    }

    /** When a person's secret was made, at the end of that second: the clock can be stopped at whole ones only. */
    async function mintedFor(email: string, lifetime: number): Promise<number> {
      const [secret] = await rows<{ expires_at: Date }[]>`
      select expires_at from one_time_secrets where sent_to_key = ${email} and ended_at is null
       order by created_at desc limit 1`;
      return Math.ceil(((secret?.expires_at.getTime() ?? 0) - lifetime) / SECOND) * SECOND;
    }

    /** Does at once what the worker does each hour, and stays until its mails have gone. */
    async function runChores(): Promise<void> {
      await rows`select graphile_worker.add_job('run-chores')`;
      await expect
        .poll(
          async () => {
            const [waiting] = await rows<{ jobs: number }[]>`
            select count(*)::int as jobs from graphile_worker.jobs
             where task_identifier in ('run-chores', 'deliver-email')`;
            return waiting?.jobs;
          },
          { timeout: 20_000, intervals: [50, 100, 200] },
        )
        .toBe(0);
    }
  });

type SignedIn = { status: number; reason?: string; duty?: string; token?: string };

async function signInByProgram(
  portal: Portal,
  slug: string,
  identifier: string,
  password: string,
): Promise<SignedIn> {
  const { status, body } = await callAs(portal.visitor(slug), undefined, "POST /sessions", {
    identifier,
    password,
  });
  return { ...(JSON.parse(body) as Omit<SignedIn, "status">), status };
}
