import { expect } from "@playwright/test";
import fc from "fast-check";
import type { Database } from "./database.ts";
import { codeOfStep, keyOn, presentStep, recoveryCodesIn } from "./factors.ts";
import type { Firm } from "./firm.ts";
import { type Answer, setCookies } from "./http.ts";
import type { Portal } from "./portal.ts";
import {
  type Account,
  addApp,
  changePassword,
  end,
  isFull,
  owesFirst,
  type Proven,
  proofsDue,
  type SignIn,
} from "./proofs-due.ts";
import { aPassword } from "./steps.ts";
import type { Visitor } from "./visitor.ts";
import { callAs } from "./wire.ts";

/** A firm with two accounts, and every token that it has given so far. */
export type World = {
  portal: Portal;
  firm: Firm;
  database: Database;
  source: string;
  accounts: [Account, Account];
  signIns: SignIn[];
  forms: Forms;
};

/** Each page with a form, as somebody once got it who was led there: others post it without. */
export type Forms = Record<"signIn" | "factor" | "change" | "beginApp" | "confirmApp" | "reset", string>;

/** `signIn` counts from the newest one. The cookie's other name is that of the other kind of session. */
type On = { signIn: number; by: "program" | "page" | "page, under the other name" };

export type Event =
  | { do: "sign in"; who: number; password: keyof typeof PASSWORDS; by: "program" | "page"; over: number }
  | ({ do: "prove"; code: keyof typeof CODES } & On)
  | ({ do: "change the password" | "begin with an app" | "sign out" } & On)
  | ({ do: "confirm the app"; code: "right" | "wrong" | "of the other" } & On)
  | { do: "open a page"; signIn: number; under: string }
  | { do: "set a password"; link: number | "none" | "a session"; code: "right" | "wrong" | "of the other" }
  | { do: "need a factor"; who: number };

const WRONG_CODE = "000000";

const PASSWORDS = {
  right: (own: Account) => own.password,
  wrong: aPassword,
  earlier: (own: Account) => own.earlierPassword,
  "of the other": (_: Account, other: Account) => other.password,
};

/** What somebody types, and never anything that a form would not take for a code. */
const CODES = {
  fresh: freshCode,
  used: ({ app }: Account) => app?.usedCode ?? WRONG_CODE,
  wrong: () => WRONG_CODE,
  recovery: ({ recoveryCodes: [code] }: Account) => code ?? WRONG_CODE,
  "used recovery": ({ usedRecoveryCode }: Account) => usedRecoveryCode ?? WRONG_CODE,
  "fresh of the other": (_: Account, other: Account) => freshCode(other),
  "recovery of the other": (_: Account, { recoveryCodes: [code] }: Account) => code ?? WRONG_CODE,
};

/** None where the next one would come too early. */
function freshCode({ app }: Account): string {
  const step = Math.max(presentStep(), (app?.lastStep ?? 0) + 1);
  if (!app || step > presentStep() + 1) return WRONG_CODE;
  app.lastStep = step;
  return codeOfStep(app.secret, step);
}

const who = fc.nat({ max: 1 });
const signIn = fc.nat({ max: 4 });
const by = fc.constantFrom<On["by"]>("program", "page", "program", "page", "page, under the other name");
const step = <Do extends string>(name: Do) => fc.constant(name);

/** More of what goes on than of what is refused: few histories would come far. */
export const anEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ do: step("sign in"), who, over: signIn, by: fc.constantFrom("program" as const, "page" as const) },
      password: drawn(PASSWORDS, "right", 5),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: step("prove"), code: drawn(CODES, "fresh", 3), signIn, by }),
  },
  { weight: 3, arbitrary: fc.record({ do: step("change the password"), signIn, by }) },
  { weight: 3, arbitrary: fc.record({ do: step("begin with an app"), signIn, by }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ do: step("confirm the app"), signIn, by },
      code: fc.constantFrom("right" as const, "right" as const, "wrong" as const, "of the other" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: step("open a page"), signIn },
      under: fc.constantFrom("__Host-session", "__Host-pending", "__Host-device", "__Host-reset"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: step("sign out"), signIn, by }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: step("set a password"),
      link: fc.constantFrom(0, 1, "none" as const, "a session" as const),
      code: fc.constantFrom("right" as const, "right" as const, "wrong" as const, "of the other" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: step("need a factor"), who }) },
);

/** One of these names, and one of them more often than the others. */
function drawn<Name extends string>(of: Record<Name, unknown>, often: Name, times: number) {
  return fc.constantFrom(...(Object.keys(of) as Name[]), ...Array.from({ length: times }, () => often));
}

/** Plays one event against the portal, and holds what it answers to what the rules say. */
export async function happen(event: Event, world: World): Promise<void> {
  if (event.do === "sign in") return signInAnew(event, world);
  if (event.do === "set a password") return setPassword(event, world);
  if (event.do === "need a factor") return needFactor(world, event.who);
  const one = world.signIns.at(-1 - event.signIn);
  if (!one) return;
  if (event.do === "open a page") return openPage(one, event, world);
  if (event.do === "prove") return prove(one, event, world);
  if (event.do === "confirm the app") return confirmApp(one, event, world);
  if (event.do === "change the password") return changeAsDuty(one, event, world);
  if (event.do === "begin with an app") return beginApp(one, event, world);
  return signOut(one, event, world);
}

type Of<Do extends Event["do"]> = Extract<Event, { do: Do }>;

async function signInAnew(event: Of<"sign in">, world: World): Promise<void> {
  const account = world.accounts[event.who % 2] as Account;
  const password = PASSWORDS[event.password](account, otherThan(account, world));
  const fill = { identifier: account.person.username, password };
  const before = event.by === "page" ? world.signIns.at(-1 - event.over) : undefined;
  const browser = before ? browserOf(before, world) : aVisitor(world);
  const answer =
    event.by === "program"
      ? await call(world, "POST /sessions", undefined, fill)
      : await browser.post("/sign-in", world.forms.signIn, { form: "Sign in", fill });
  if (password !== account.password) return expectNothing(answer);
  if (before) end([before]);
  begin(world, answer, account, { done: [], mustChange: account.mustChange });
}

async function prove(one: SignIn, { code, by }: Of<"prove">, world: World): Promise<void> {
  const { account } = one;
  const typed = CODES[code](account, otherThan(account, world));
  const answer = await submit(one, by, world, {
    operation: "PUT /session/second-factor",
    fill: { code: typed },
    page: "/second-factor",
    form: "Prove that it is you",
    on: world.forms.factor,
  });
  const isGood = /^(fresh|recovery)$/.test(code) && typed !== WRONG_CODE;
  if (!isGood || !mayGoOn(one, by, "second_factor")) return expectNothing(answer);
  if (code === "fresh" && account.app) account.app.usedCode = typed;
  else account.usedRecoveryCode = account.recoveryCodes.shift();
  end([one]);
  goOn(world, answer, one);
}

async function changeAsDuty(one: SignIn, { by }: On, world: World): Promise<void> {
  const newPassword = aPassword();
  const answer = await submit(one, by, world, {
    operation: "PUT /session/password",
    fill: { newPassword, confirmPassword: newPassword },
    page: "/change-password",
    form: "Choose a new password",
    on: world.forms.change,
  });
  if (!mayGoOn(one, by, "change_password")) return expectNothing(answer);
  changePassword(one.account, newPassword, world.signIns);
  goOn(world, answer, one);
}

const ENROLL = { page: "/second-factor/enroll", form: "Set up an authenticator app" };

async function beginApp(one: SignIn, { by }: On, world: World): Promise<void> {
  const answer = await submit(one, by, world, {
    ...{ operation: "POST /session/authenticator-app", ...ENROLL },
    ...{ on: world.forms.beginApp, press: "Set up an authenticator app" },
  });
  expectNothing(answer);
  if (!mayGoOn(one, by, "enroll_second_factor")) return;
  const secret =
    by === "program"
      ? (JSON.parse(answer.body) as { secret: string }).secret
      : keyOn((await browserOf(one, world).ask(ENROLL.page)).body);
  one.account.begun = { by: one, secret };
}

async function confirmApp(one: SignIn, { code, by }: Of<"confirm the app">, world: World): Promise<void> {
  const { account } = one;
  const other = otherThan(account, world);
  const secret = { right: account.begun?.secret, wrong: undefined, "of the other": other.begun?.secret }[
    code
  ];
  const lastStep = presentStep();
  const typed = secret ? codeOfStep(secret, lastStep) : WRONG_CODE;
  const answer = await submit(one, by, world, {
    ...{ operation: "PUT /session/authenticator-app", ...ENROLL },
    ...{ on: world.forms.confirmApp, fill: { code: typed }, press: "Confirm" },
  });
  const isOwn = code === "right" && secret !== undefined && account.begun?.by === one;
  if (!isOwn || !mayGoOn(one, by, "enroll_second_factor")) return expectNothing(answer);
  end([one]);
  addApp(account, { secret, lastStep, usedCode: typed }, world.signIns);
  account.recoveryCodes = recoveryCodesIn(answer.body);
  expect(account.recoveryCodes).toHaveLength(10);
  goOn(world, answer, one);
}

async function signOut(one: SignIn, { by }: On, world: World): Promise<void> {
  if (by === "program") {
    await call(world, "DELETE /session", one.token);
    if (isFull(one)) end([one]);
    return;
  }
  const browser = browserOf(one, world, by);
  await browser.ask("/sign-out", { method: "POST", headers: { origin: world.firm.url } });
  if (by === "page") end([one]);
}

async function openPage(one: SignIn, { under }: Of<"open a page">, world: World): Promise<void> {
  const visitor = aVisitor(world);
  visitor.cookies.set(under, one.token);
  const answer = await visitor.ask("/account/profile");
  expectNothing(answer);
  expect(answer.status).toBe(isFull(one) && under === "__Host-session" ? 200 : 303);
}

/** By a mailed link and its code, by a link and the code of another one, and by what is no link at all. */
async function setPassword({ link, code }: Of<"set a password">, world: World): Promise<void> {
  const account = typeof link === "number" ? world.accounts[link] : undefined;
  const [one, two] = world.accounts;
  const other = account === one ? two : one;
  const typed = { right: account?.reset.code, wrong: undefined, "of the other": other.reset.code }[code];
  const newPassword = aPassword();
  const visitor = aVisitor(world);
  const cookie = link === "a session" ? world.signIns.at(-1)?.token : account?.reset.token;
  if (cookie !== undefined) visitor.cookies.set("__Host-reset", cookie);
  const answer = await visitor.post("/reset-password", world.forms.reset, {
    form: "Choose a new password",
    fill: { code: typed ?? WRONG_CODE, newPassword, confirmPassword: newPassword },
  });
  expectNothing(answer);
  if (!account || account.reset.triesLeft === 0) return;
  if (typed === account.reset.code) changePassword(account, newPassword, world.signIns);
  else account.reset.triesLeft -= 1;
}

/** What an administrator may want of somebody at any time (X9). It is asked from the next step of a sign-in on. */
async function needFactor({ accounts, firm, database }: World, index: number): Promise<void> {
  const account = accounts[index % 2] as Account;
  account.needsFactor = true;
  await database`
    update members set enrolment_required = true where username = ${account.person.username}
       and tenant_id = (select id from tenants where slug = ${firm.slug})`;
}

const otherThan = (account: Account, { accounts: [one, two] }: World): Account =>
  account === one ? two : one;

const mayGoOn = (one: SignIn, by: On["by"], duty: SignIn["owes"][number]): boolean =>
  by !== "page, under the other name" && owesFirst(one, duty);

type Filled = {
  operation: string;
  fill?: Record<string, string>;
  page: string;
  form: string;
  on: string;
  press?: string;
};

/** As a program with the token, or with the page's form and the token in a cookie: the same by both. */
function submit(one: SignIn, by: On["by"], world: World, { operation, page, on, ...filled }: Filled) {
  if (by === "program") return call(world, operation, one.token, filled.fill);
  return browserOf(one, world, by).post(page, on, filled);
}

/** Each in its turn asks another process. */
function aVisitor({ portal, firm, source }: World): Visitor {
  const { ports } = portal.facts;
  turn += 1;
  return portal.visitor(firm.slug, { source, port: ports[turn % ports.length] as number });
}

let turn = 0;

function browserOf(one: SignIn, world: World, by: On["by"] = "page"): Visitor {
  const visitor = aVisitor(world);
  const isOpen = one.owes.length === 0;
  visitor.cookies.set((by === "page") === isOpen ? "__Host-session" : "__Host-pending", one.token);
  return visitor;
}

const call = (world: World, operation: string, token?: string, body?: object): Promise<Answer> =>
  callAs(aVisitor(world), token, operation, body);

type Given = { token: string; isFull: boolean };

/** The token that came with an answer, by its cookie or in its body, and what it is said to be good for. */
function givenBy(answer: Answer): Given | undefined {
  for (const line of setCookies(answer)) {
    const [, kind, token] = /^__Host-(session|pending)=([\w-]+);/.exec(line) ?? [];
    if (token) return { token, isFull: kind === "session" };
  }
  if (!String(answer.headers["content-type"]).includes("json")) return undefined;
  const { token } = JSON.parse(answer.body || "{}") as { token?: string };
  return token === undefined ? undefined : { token, isFull: answer.status === 201 };
}

function expectNothing(answer: Answer): void {
  expect(answer.status).toBeLessThan(500);
  expect(givenBy(answer)).toBeUndefined();
}

function goOn(world: World, answer: Answer, { account, done, owes, mustChange }: SignIn): void {
  begin(world, answer, account, { done: [...done, ...owes.slice(0, 1)], mustChange });
}

/** Keeps what was given, and expects it to be called what it is. */
function begin(world: World, answer: Answer, account: Account, proven: Proven): void {
  const owes = proofsDue(account, proven);
  const given = givenBy(answer);
  expect(given, answer.body).toMatchObject({ isFull: owes.length === 0 });
  world.signIns.push({ ...proven, token: given?.token ?? "", account, owes, hasEnded: false });
}
