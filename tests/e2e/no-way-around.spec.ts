import fc from "fast-check";
import "#tests/support/settled-chance.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import type { Database } from "./support/database.ts";
import { withTotp } from "./support/factors.ts";
import { aFirm, type Firm, type Person } from "./support/firm.ts";
import { type Mail, mailOn, untilMail } from "./support/inbox.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import { type Account, isFull } from "./support/proofs-due.ts";
import { anEvent, type Event, type Forms, happen, type World } from "./support/sign-in-events.ts";
import { askForReset, signInOnTheWire } from "./support/wire.ts";

const HISTORIES = proofSize(20, 1_000);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type State = { hasApp: boolean; mustChange: boolean; needsFactor: boolean };

const someState: fc.Arbitrary<State> = fc.record({
  hasApp: fc.boolean(),
  mustChange: fc.boolean(),
  needsFactor: fc.boolean(),
});

/** Each begins where something can be tried at all. */
const aHistory = fc
  .array(anEvent, { minLength: 8, maxLength: 18 })
  .map((events) => [...[0, 1].map(signsIn), ...events]);

function signsIn(who: number): Event {
  return { do: "sign in", who, password: "right", by: "program", over: 0 };
}

test("no sequence of events opens a session without every proof that is due, or sets a password without the mailed one (INC19, SEC32, SEC36, SEC37)", {
  tag: "@prove-INC19",
}, async ({ portal, firm, facts, database }) => {
  test.setTimeout(proofSize(3, 90) * MINUTE);
  const forms = await collectForms({ portal, firm, database });
  const seen = new Set<string>();
  const enough = performance.now() + proofSize(25 * SECOND, 80 * MINUTE);
  let events = 0;
  let histories = 0;
  await fc.assert(
    fc.asyncProperty(someState, someState, aHistory, async (one, two, history) => {
      // A slow machine plays fewer of them; none is cut off in the middle.
      if (histories >= EXAMPLES.length && performance.now() > enough) return;
      histories += 1;
      const own = await aFirm(facts);
      await chooseOptions(database, own.slug, { lockAfter: 20 });
      const source = `10.252.${Math.floor(events / 250) % 250}.${events % 250}`;
      const place = { portal, firm: own, database };
      const accounts: World["accounts"] = await Promise.all([
        anAccount(place, own.people.ada, one),
        anAccount(place, own.people.marta, two),
      ]);
      const world: World = { ...place, source, accounts, signIns: [], forms };
      const hashes = await hashesOf(world);
      for (const event of history) {
        events += 1;
        const passwords = accounts.map(({ password }) => password);
        await happen(event, world);
        await expectOnlyWhatIsDue(world, event, seen);
        await expectPasswords(world, hashes, passwords, event, seen);
      }
    }),
    { numRuns: HISTORIES, endOnFailure: true, examples: EXAMPLES },
  );
  expect([...seen].sort(), "each way was gone").toEqual(WAYS);
  reportFigure("INC19", "sequences of sign-ins and resets, on the wire", histories);
});

const plain: State = { hasApp: false, mustChange: false, needsFactor: false };
const newest = { signIn: 0, by: "page" } as const;

/** Histories in which all goes well, so that each way is gone for certain. */
const EXAMPLES: [State, State, Event[]][] = [
  [
    { ...plain, hasApp: true, mustChange: true },
    { ...plain, hasApp: true },
    [
      ...[signsIn(0), { do: "prove", code: "fresh", ...newest }, { do: "change the password", ...newest }],
      ...[signsIn(1), { do: "prove", code: "recovery", ...newest }],
    ] as Event[],
  ],
  [
    { ...plain, mustChange: true, needsFactor: true },
    { ...plain, needsFactor: true },
    [
      ...[signsIn(0), { do: "change the password", ...newest }, { do: "begin with an app", ...newest }],
      ...[{ do: "confirm the app", code: "right", ...newest }, signsIn(1)],
      ...[
        { do: "begin with an app", ...newest },
        { do: "confirm the app", code: "right", ...newest },
      ],
    ] as Event[],
  ],
  [
    { ...plain, mustChange: true },
    plain,
    [
      ...[signsIn(0), { do: "change the password", ...newest }, signsIn(1)],
      ...[{ do: "set a password", link: 1, code: "right" }],
    ] as Event[],
  ],
];

/** What somebody did between a right password and an open portal, and the one way to a password without a sign-in. */
const WAYS = [
  "",
  "change_password",
  "change_password enroll_second_factor",
  "enroll_second_factor",
  "mailed proof",
  "second_factor",
  "second_factor change_password",
];

/** Asks with every token that there ever was, through each process in turn, whether it opens anything. */
async function expectOnlyWhatIsDue(
  { portal, firm, source, signIns }: World,
  event: Event,
  seen: Set<string>,
) {
  const { ports } = portal.facts;
  const opened = signIns.map(async ({ token }, index) => {
    const visitor = portal.visitor(firm.slug, { source, port: ports[index % ports.length] as number });
    visitor.cookies.set("__Host-session", token);
    return (await visitor.ask("/api/v1/session")).status;
  });
  const due = signIns.map((one) => (isFull(one) ? 200 : 401));
  expect(await Promise.all(opened), `after ${JSON.stringify(event)}`).toEqual(due);
  for (const one of signIns) if (isFull(one)) seen.add(one.done.join(" "));
}

/** A password is another one exactly where the rules say so. */
async function expectPasswords(
  world: World,
  known: string[],
  before: string[],
  event: Event,
  seen: Set<string>,
) {
  const hashes = await hashesOf(world);
  const changed = hashes.map((hash, index) => hash !== known[index]);
  const expected = world.accounts.map(({ password }, index) => password !== before[index]);
  expect(changed, `after ${JSON.stringify(event)}`).toEqual(expected);
  if (event.do === "set a password" && changed.includes(true)) seen.add("mailed proof");
  known.splice(0, known.length, ...hashes);
}

async function hashesOf({ database, firm, accounts }: World): Promise<string[]> {
  const rows = await database<{ username: string; hash: string }[]>`
    select username, hash from members m join password_credentials c on c.member_id = m.id
     where m.tenant_id = (select id from tenants where slug = ${firm.slug})`;
  return accounts.map(({ person }) => rows.find(({ username }) => username === person.username)?.hash ?? "");
}

type Place = { portal: Portal; firm: Firm; database: Database };

/** Somebody in this state, to whom a link and a code have been mailed. */
async function anAccount(place: Place, person: Person, state: State): Promise<Account> {
  const { hasApp, ...asked } = state;
  const app = hasApp ? await withTotp(place, person) : undefined;
  const reset = await mailedTo(place, person);
  await ask(place, person, asked);
  return {
    ...{ person, password: person.password, earlierPassword: "none so far", ...asked },
    app: app && { secret: app.secret, lastStep: 0 },
    ...{ begun: undefined, recoveryCodes: app?.recoveryCodes ?? [], usedRecoveryCode: undefined },
    reset: { ...reset, triesLeft: 5 },
  };
}

async function ask({ firm, database }: Place, { username }: Person, state: Omit<State, "hasApp">) {
  await database`
    update members set must_change_password = ${state.mustChange}, enrolment_required = ${state.needsFactor}
     where username = ${username} and tenant_id = (select id from tenants where slug = ${firm.slug})`;
}

/** No robot visits these links: nothing of this is about reading mail. */
async function mailedTo({ portal, firm }: Place, { email }: Person) {
  await askForReset(portal.visitor(firm.slug), email);
  const inbox = () => mailOn(portal.facts.ports[0] ?? 0, firm.host);
  const isReset = ({ to, link }: Mail) => to === email && link.includes("/reset-password/");
  const mail = await untilMail(inbox, isReset, `to ${email}`);
  return { token: new URL(mail.link).pathname.split("/").at(-1) ?? "", code: mail.code };
}

/** Goes once to each page with a form, as those who are led there. */
async function collectForms(place: Place): Promise<Forms> {
  const { portal, firm } = place;
  const { ada, alan, ravi, marta } = firm.people;
  const pageFor = async (person: Person, path: string) => {
    const visitor = portal.visitor(firm.slug);
    await signInOnTheWire(visitor, person);
    return { visitor, page: (await visitor.ask(path)).body };
  };
  await withTotp(place, ada);
  const { page: factor } = await pageFor(ada, "/second-factor");
  await ask(place, alan, { mustChange: true, needsFactor: false });
  const { page: change } = await pageFor(alan, "/change-password");
  await ask(place, ravi, { mustChange: false, needsFactor: true });
  const { visitor, page: beginApp } = await pageFor(ravi, "/second-factor/enroll");
  const name = "Set up an authenticator app";
  await visitor.post("/second-factor/enroll", beginApp, { form: name, press: name });
  const confirmApp = (await visitor.ask("/second-factor/enroll")).body;
  const reader = portal.visitor(firm.slug);
  const signIn = (await reader.ask("/sign-in")).body;
  reader.cookies.set("__Host-reset", (await mailedTo(place, marta)).token);
  const reset = (await reader.ask("/reset-password")).body;
  return { signIn, factor, change, beginApp, confirmApp, reset };
}
