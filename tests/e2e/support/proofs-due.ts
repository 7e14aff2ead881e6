import type { Duty } from "#lib/policy/session.ts";
import type { Person } from "./firm.ts";

/** An account as the rules look at it. */
export type Account = {
  person: Person;
  password: string;
  earlierPassword: string;
  mustChange: boolean;
  needsFactor: boolean;
  app: OwnApp | undefined;
  /** An app that waits for its first code, and the sign-in that began with it. */
  begun: { by: SignIn; secret: string } | undefined;
  recoveryCodes: string[];
  usedRecoveryCode: string | undefined;
  /** What was mailed: a link, its code, and the tries that are left. */
  reset: { token: string; code: string; triesLeft: number };
};

export type OwnApp = { secret: string; lastStep: number; usedCode?: string };

/** A token that the portal has given to somebody, and what had been proven for it. */
export type SignIn = Proven & { token: string; account: Account; owes: Duty[]; hasEnded: boolean };

/** What was done after the password, and whether a new one was due when it was typed. */
export type Proven = { done: Duty[]; mustChange: boolean };

/**
 * Which proofs are due (SEC36, SEC37, F4, C7), written down a second time and as simply as possible: an enrolled factor, then
 * a new password, then a factor that the account needs and has not got.
 */
export function proofsDue({ app, needsFactor }: Account, { done, mustChange }: Proven): Duty[] {
  const owes: Duty[] = [];
  const hasShown = done.includes("second_factor") || done.includes("enroll_second_factor");
  if (app && !hasShown) owes.push("second_factor");
  if (mustChange && !done.includes("change_password")) owes.push("change_password");
  if (!app && !hasShown && needsFactor) owes.push("enroll_second_factor");
  return owes;
}

export const isFull = ({ owes, hasEnded }: SignIn): boolean => !hasEnded && owes.length === 0;

/** Whether this is what a sign-in has to do now, and nothing else. */
export const owesFirst = ({ owes, hasEnded }: SignIn, duty: Duty): boolean => !hasEnded && owes[0] === duty;

/** A new password puts everything out that the old one has opened, and makes what was mailed worthless (DEC8, B10). */
export function changePassword(account: Account, password: string, signIns: SignIn[]): void {
  account.earlierPassword = account.password;
  account.password = password;
  account.mustChange = false;
  account.reset.triesLeft = 0;
  end(signIns.filter((one) => one.account === account));
}

/** Whoever is halfway when a factor comes begins again (SEC39). */
export function addApp(account: Account, app: OwnApp, signIns: SignIn[]): void {
  account.app = app;
  account.begun = undefined;
  end(signIns.filter((one) => one.account === account && one.owes.length > 0));
}

export function end(signIns: SignIn[]): void {
  for (const one of signIns) one.hasEnded = true;
}
