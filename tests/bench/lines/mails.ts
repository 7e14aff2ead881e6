import { setTimeout as sleep } from "node:timers/promises";
import { bound } from "../finding.ts";
import { populationOf } from "../population.ts";
import type { Report } from "../report.ts";
import { restWorker, type Stage, wakeWorker } from "../stage.ts";

/** Enough of the ten thousand to know how long all of them take. */
const MAILS = 1_500;
const ALL = 10_000;
const URGENT = 20;
const MINUTES = { gate: 5, target: 2 };
const GIVE_UP_MS = 10 * 60_000;

/** How long the worker takes over ten thousand mails that wait, by the first thousands of them, and whether mails of somebody's safety go first (PERF15). */
export async function mails(stage: Stage): Promise<Report> {
  await populationOf(stage);
  restWorker(stage);
  await sleep(1000);
  await promise(stage, MAILS, true);
  await promise(stage, URGENT, false);
  stage.mails.taken.length = 0;
  const begun = performance.now();
  wakeWorker(stage);
  while (stage.mails.taken.length < MAILS + URGENT) {
    if (performance.now() - begun > GIVE_UP_MS)
      throw new Error(`${stage.mails.taken.length} mails came in time.`);
    await sleep(100);
  }
  const minutes = ((performance.now() - begun) / 60_000) * (ALL / MAILS);
  const lastUrgent = stage.mails.taken.findLastIndex(({ bytes }) => /^subject: .*password/im.test(bytes));
  stage.mails.taken.length = 0;
  return reportOn(minutes, lastUrgent + 1);
}

/** Notices: the many of a firm's own batch, or those of somebody's password, which wait for nothing. */
async function promise({ database }: Stage, count: number, bulk: boolean): Promise<void> {
  const template = bulk ? "your-username" : "password-changed";
  await database`
    insert into outbox_emails (tenant_id, member_id, template, props, to_address, status, bulk)
    select m.tenant_id, m.id, ${template}, jsonb_build_object('at', portal_now()), m.email, 'queued', ${bulk}
      from members m join tenants t on t.id = m.tenant_id
     where t.slug like 'bench-%' and m.kind = 'contact' order by m.username limit ${count}`;
}

function reportOn(minutes: number, lastUrgent: number): Report {
  const inFront = lastUrgent <= URGENT * 3;
  const rate = (ALL / minutes / 60).toFixed(0);
  return {
    title: "Ten thousand mails that wait",
    header: ["mails", "minutes for 10,000", "a second", `place of the last of ${URGENT} security mails`],
    rows: [[String(MAILS), minutes.toFixed(2), rate, String(lastUrgent)]],
    notes: [
      "Each in a conversation with a real SMTP server on the same machine, rendered and with its secret where it has one.",
    ],
    findings: [
      {
        work: `${ALL.toLocaleString("en-US")} mails and ${URGENT} security mails that came after them`,
        measured: `${minutes.toFixed(2)} min, ${rate} a second; the last security mail was number ${lastUrgent}`,
        gate: bound(`<= ${MINUTES.gate} min, security mails first`, minutes <= MINUTES.gate && inFront),
        target: bound(`<= ${MINUTES.target} min`, minutes <= MINUTES.target),
      },
    ],
    data: { mails: MAILS, minutes, lastUrgent },
  };
}
