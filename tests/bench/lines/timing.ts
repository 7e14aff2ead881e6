import { type Database, databaseOf } from "#tests/e2e/support/database.ts";
import type { PortalFacts } from "#tests/e2e/support/portal-process.ts";
import { aVisitor } from "#tests/e2e/support/visitor.ts";
import type { Report } from "../report.ts";
import { type Ratio, ratioOf } from "./ratio.ts";
import { NAME_STATES, type NameState, TIMED_PAGES, type TimedPage } from "./timing-cases.ts";

const SAMPLES = 100;
const WARM_UPS = 20;
const TOLERANCE = 0.05;
const SLUG = "acme";

type Measured = { page: string; state: string } & Ratio;
/** So many names of one state: each is typed once on each page, because allowances go by name. */
type Crowd = { state: string; names: string[] };

/** Whether the time of an answer tells what a typed name is (B1, SEC12). */
export async function timing(facts: PortalFacts): Promise<Report> {
  const database = databaseOf(facts.ownerUrl);
  try {
    const crowds: Crowd[] = [];
    for (const state of NAME_STATES) crowds.push(await aCrowd(database, state));
    const measured: Measured[] = [];
    for (const page of TIMED_PAGES) measured.push(...(await measure(facts, page, crowds)));
    return reportOn(measured, `Refused sign-ins by recorded reason: ${await reasonsIn(database)}.`);
  } finally {
    await database.end();
  }
}

/** Accounts of the demo firm in one state, or names that nobody has; all names are equally long. */
async function aCrowd(database: Database, state: NameState): Promise<Crowd> {
  const first = 10_000 * (1 + NAME_STATES.indexOf(state));
  const names = Array.from({ length: WARM_UPS + SAMPLES }, (_, index) => `person${first + index}`);
  if (state.become) {
    await insertPeople(database, names);
    await state.become(database, names);
  }
  return { state: state.name, names };
}

async function insertPeople(database: Database, names: string[]): Promise<void> {
  await database`
    with model as (
      select m.tenant_id, m.security_group_id, c.hash, c.changed_at from members m
        join password_credentials c on c.tenant_id = m.tenant_id and c.member_id = m.id
       where m.kind = 'contact' and m.tenant_id = (select id from tenants where slug = ${SLUG}) limit 1
    ), made as (
      insert into members
        (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
      select tenant_id, 'contact', name, name, name, name || '@bench.example', name || '@bench.example', security_group_id
        from model, unnest(${names}::text[]) as name
      returning tenant_id, id
    )
    insert into password_credentials (tenant_id, member_id, hash, changed_at)
    select made.tenant_id, made.id, hash, changed_at from made, model`;
}

async function measure(facts: PortalFacts, page: TimedPage, crowds: Crowd[]): Promise<Measured[]> {
  const type = await typist(facts, page);
  if (!type) return [];
  for (const { names } of crowds) for (const name of names.slice(0, WARM_UPS)) await type(name);

  const samples = new Map(crowds.map(({ state }) => [state, [] as number[]]));
  const turns = crowds.flatMap(({ state, names }) => names.slice(WARM_UPS).map((name) => ({ state, name })));
  // Wholly mixed, and not in rounds: a mail that is being sent must slow every state down equally often.
  for (const { state, name } of shuffled(turns)) samples.get(state)?.push(await type(name));
  const baseline = samples.get(crowds[0]?.state ?? "") ?? [];
  return [...samples].map(([state, own]) => ({ page: page.name, state, ...ratioOf(own, baseline) }));
}

/** Types a name into a page, each time from another source, and gives the milliseconds until it is answered. */
async function typist({ ports: [port = 0], apexHost }: PortalFacts, page: TimedPage) {
  const host = `${SLUG}.${apexHost}`;
  const { form, press, path, status } = page;
  const shown = await aVisitor({ port, host, source: nextSource() }).ask(path);
  if (shown.status !== 200) return undefined;
  return async (name: string): Promise<number> => {
    const visitor = aVisitor({ port, host, source: nextSource() });
    const prepared = await visitor.prepareForm(shown.body, { form, press, fill: page.fill(name) });
    const started = performance.now();
    const answer = await visitor.ask(path, { method: "POST", ...prepared });
    const took = performance.now() - started;
    if (answer.status !== status) throw new Error(`${page.name} answered ${name} with ${answer.status}.`);
    return took;
  };
}

let sources = 0;

function nextSource(): string {
  sources += 1;
  return `10.${(sources >> 16) & 255}.${(sources >> 8) & 255}.${sources & 255}`;
}

function shuffled<T>(list: T[]): T[] {
  return list
    .map((one) => ({ one, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ one }) => one);
}

/** Whether the accounts were what they are called here. */
async function reasonsIn(database: Database): Promise<string> {
  const rows = await database`
    select reason, count(*)::int as number from audit_events
     where event = 'sign_in.refused' and tenant_id = (select id from tenants where slug = ${SLUG})
     group by reason order by reason`;
  return rows.map(({ reason, number }) => `${reason} ${number}`).join(", ");
}

const isWithin = ({ ratio }: Ratio): boolean => Math.abs(ratio - 1) <= TOLERANCE;
const yesOrNo = (yes: boolean): string => (yes ? "yes" : "no");

function reportOn(measured: Measured[], reasons: string): Report {
  const percent = `within ${TOLERANCE * 100} %`;
  return {
    title: "Timing: does the answer's time tell what a name is?",
    header: ["page", "name", "median ms", "ratio", "lowest", "highest", percent],
    rows: measured.map((one) => [
      one.page,
      one.state,
      one.median.toFixed(1),
      one.ratio.toFixed(3),
      one.lowest.toFixed(2),
      one.highest.toFixed(2),
      yesOrNo(isWithin(one)),
    ]),
    notes: [
      `All of it ${percent}: ${yesOrNo(measured.every(isWithin))}.`,
      `Ratio: the median of ${SAMPLES} answers over that for a ${NAME_STATES[0]?.name} name, taken in mixed turns; lowest and highest of ten parts of the run.`,
      reasons,
    ],
    data: measured,
  };
}
