import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { parse } from "#lib/core/parse.ts";
import { query } from "#lib/core/query.ts";
import { CHANGE_REASONS } from "#lib/policy/session.ts";
import {
  type Burden,
  type Effect,
  effectOn,
  expirySinceAfter,
  momentsOf,
  passwordEndsAt,
} from "#lib/policy/simulate.ts";
import { SecurityOptionsInput } from "./input.ts";
import { type Alike, NAMED, type Named, peopleToJudge } from "./people-to-judge.ts";
import { readSecurityOptions } from "./read-security-options.ts";

export type AffectedPerson = Named & { meanings: readonly Burden[] };

export type Simulation = {
  /** Who has to act at the next sign-in because of the change, and would not have had to without it. */
  total: number;
  /** Of these, who has to set up a second factor. */
  enrolling: number;
  /** From when they have to, where that lies ahead: what else holds by then is left out. */
  enrollingFrom: Date | undefined;
  /** Who is asked for the second factor again in a browser that is remembered now. */
  confirming: number;
  /** Who has to change the password. */
  changing: number;
  /** When the first of the passwords that are still good becomes too old, where the change is about that. */
  firstEndsAt: Date | undefined;
  /** Whom it would lock out until a reset. */
  locked: number;
  /** All whom a password lets in, or will once they have one. */
  outOf: number;
  /** Who has to act now, and would not have to any more. */
  relieved: number;
  /** The first of the affected by name; of people whom the caller may not see, none. */
  people: AffectedPerson[];
};

/** What saving these options would ask of whom, were they all to sign in now (C1, UX47). */
export const simulateSecurityOptions = query({
  event: "security_options.simulated",
  permission: "settings:manage",
  async run({ db, ctx }, proposed: unknown): Promise<Simulation> {
    const options = parse(SecurityOptionsInput, proposed);
    const before = await readSecurityOptions(db);
    const after = { options, expirySince: expirySinceAfter(before, options, ctx.now) };
    const moments = momentsOf(options, ctx.now);
    const aboutAge = options.expiryDays !== before.options.expiryDays;
    const tally: Tally = { ...NOBODY, people: [] };
    for await (const alike of peopleToJudge(db, { now: ctx.now, policies: [before, after] })) {
      const effect = effectOn(alike.person, before, after, moments);
      count(tally, alike, effect);
      if (aboutAge && effect !== "exempt") noteEnd(tally, passwordEndsAt(alike.person, after, ctx.now));
      if (tally.people.length > MANY) tally.people = firstVisible(ctx, tally.people);
    }
    const enrollingFrom = moments.enrolment > ctx.now ? moments.enrolment : undefined;
    return { ...tally, people: firstVisible(ctx, tally.people), enrollingFrom };
  },
});

/** So many are sorted out at once: whoever guesses passwords makes people differ, and each sorting takes its time. */
export const MANY = 10_000;

type Tally = Omit<Simulation, "enrollingFrom">;

const NOBODY = {
  ...{ total: 0, enrolling: 0, confirming: 0, changing: 0, locked: 0, outOf: 0, relieved: 0 },
  firstEndsAt: undefined,
};

function count(tally: Tally, { kind, number, names }: Alike, effect: Effect): void {
  if (effect === "exempt") return;
  tally.outOf += number;
  if (effect === "relieved") tally.relieved += number;
  if (typeof effect === "string") return;
  const { newly: meanings } = effect;
  const having = (...burdens: Burden[]) => (burdens.some((burden) => meanings.includes(burden)) ? number : 0);
  tally.total += number;
  tally.enrolling += having("enroll_second_factor");
  tally.confirming += having("second_factor");
  tally.changing += having(...CHANGE_REASONS);
  tally.locked += having("locked");
  tally.people.push(...names.map((name) => ({ name, kind, meanings })));
}

function noteEnd(tally: Tally, at: Date | undefined): void {
  if (at && (!tally.firstEndsAt || at < tally.firstEndsAt)) tally.firstEndsAt = at;
}

/**
 * The first by name of those whom the caller may see otherwise: a setting must not become a directory. Whoever sees the contacts
 * of some clients only is shown none (E7): whose they are is not known here.
 */
export function firstVisible<Person extends Named>(ctx: Context, affected: Person[]): Person[] {
  const seen = {
    staff: hasPermission(ctx, "members:read"),
    contact: hasPermission(ctx, "clients:read") && ctx.actor?.clientScope !== "assigned",
  };
  return affected
    .filter(({ kind }) => seen[kind])
    .sort((one, other) => BY_NAME.compare(one.name, other.name))
    .slice(0, NAMED);
}

const BY_NAME = new Intl.Collator("en");
