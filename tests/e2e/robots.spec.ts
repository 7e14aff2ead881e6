import type { Browser } from "@playwright/test";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import type { Database } from "./support/database.ts";
import type { Person } from "./support/firm.ts";
import { type Answer, location } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import type { PortalFacts } from "./support/portal-process.ts";
import { robotsOnTheWire, robotsWithScripts, withScripts } from "./support/robots.ts";
import { aPassword, expectSignedOut, resetBy, signIn } from "./support/steps.ts";
import { aVisitor } from "./support/visitor.ts";
import { askForReset, countRows } from "./support/wire.ts";

const MINUTE = 60_000;
const VISITS = proofSize(200, 10_000);
const WITH_SCRIPTS = proofSize(12, 300);
// A link lives for a quarter of an hour, on a slow machine too.
const LINKS = proofSize(1, 4);

const ON_THE_WIRE_AT_ONCE = 6;
const BROWSERS_AT_ONCE = 2;

test("robots visit a mailed link again and again and burn nothing, and the person then succeeds (B3)", {
  tag: "@prove-B3",
}, async ({ portal, page, browser, facts, firm, database }) => {
  test.setTimeout(proofSize(3, 60) * MINUTE);
  const { marta, priya, john, ravi } = firm.people;
  for (const person of [marta, priya, john, ravi].slice(0, LINKS)) {
    await askForReset(portal.visitor(firm.slug), person.email);
    const mail = await portal.emailTo(person.email, { at: firm.slug });
    const before = await traceOf(database, firm.slug, person);

    const outcomes = await swarm(mail.link, { browser, facts });
    expect(outcomes).toEqual({
      HEAD: ["303 /reset-password"],
      GET: ["303 /reset-password"],
      "GET and follow": ["200 Save New Password"],
      "automatic submit": ["200 Enter the 6-digit code"],
      "every button": ["200 Enter the 6-digit code"],
    });
    expect(await traceOf(database, firm.slug, person), "nothing is spent, sent or signed in").toEqual(before);

    const password = aPassword();
    await page.context().clearCookies();
    await resetBy(page, mail, password);
    await expectSignedOut(page);
    await signIn(page, firm.url, { ...person, password });
    await expect(page.getByRole("button", { name: `Account: ${person.name}` })).toBeVisible();
  }
  reportFigure("B3", "robot visits", VISITS);
  reportFigure("B3", "of these with a browser and its scripts", WITH_SCRIPTS);
  reportFigure("B3", "links, each of which then served its reader", LINKS);
});

type Swarm = { browser: Browser; facts: PortalFacts };

/** A link's share of the visits, each from a source of its own. Gives the answers of each kind of robot on the wire. */
async function swarm(link: string, { browser, facts }: Swarm): Promise<Record<string, string[]>> {
  const { host, pathname } = new URL(link);
  const outcomes = new Map(Object.keys(robotsOnTheWire).map((kind) => [kind, new Set<string>()]));
  const wire = takeTurns(Object.entries(robotsOnTheWire), (VISITS - WITH_SCRIPTS) / LINKS);
  const scripts = takeTurns(Object.entries(robotsWithScripts), WITH_SCRIPTS / LINKS);
  await Promise.all([
    atOnce(ON_THE_WIRE_AT_ONCE, wire, async ([kind, visit], index) => {
      const port = facts.ports[index % facts.ports.length] ?? 0;
      const answers = await visit(aVisitor({ port, host, source: sourceAt(index) }), pathname);
      for (const answer of answers) outcomes.get(kind)?.add(outcomeOf(answer));
    }),
    atOnce(BROWSERS_AT_ONCE, scripts, ([, visit], index) =>
      withScripts(browser, sourceAt(wire.length + index), (page) => visit(page, link)),
    ),
  ]);
  return Object.fromEntries([...outcomes].map(([kind, seen]) => [kind, [...seen]]));
}

function outcomeOf(answer: Answer): string {
  const said = ["Enter the 6-digit code", "Save New Password"].find((words) => answer.body.includes(words));
  return [answer.status, location(answer), said].filter((part) => part !== undefined).join(" ");
}

function takeTurns<T>(kinds: T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => kinds[index % kinds.length] as T);
}

/** Works through a list, so many at a time. */
async function atOnce<T>(width: number, list: T[], work: (one: T, index: number) => Promise<unknown>) {
  const queue = list.entries();
  const lane = async () => {
    for (const [index, one] of queue) await work(one, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

const sourceAt = (index: number) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

/** What a robot could have spent or brought about: the person's link, sessions, mails, and whatever else has rows. */
async function traceOf(database: Database, slug: string, { email }: Person) {
  const links = await database`
    select s.* from one_time_secrets s join members m on m.tenant_id = s.tenant_id and m.id = s.member_id
     where m.email = ${email} and s.tenant_id = (select id from tenants where slug = ${slug}) order by s.id`;
  const kept = new Set(["audit_events", "refusal_windows", "rate_limits"]);
  const rows = Object.entries(await countRows(database, slug)).filter(([table]) => !kept.has(table));
  return { links: [...links], rows };
}
