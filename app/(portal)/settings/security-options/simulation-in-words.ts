import type { Simulated } from "#components/settings/consequences.tsx";
import { sayMoment } from "#lib/core/say-moment.ts";
import type { Simulation } from "#lib/settings/simulate-security-options.ts";
import { dayInWords } from "../factor-requirement.ts";

const NAME_SHOWN = 60;

/** The answer goes back to the server with the next press: it must stay small, whatever people are called. */
export function simulationInWords(simulation: Simulation, timeZone: string): Simulated {
  const { enrollingFrom, firstEndsAt, ...numbers } = simulation;
  const people = simulation.people.map((person) => ({
    ...person,
    name: [...person.name].slice(0, NAME_SHOWN).join(""),
  }));
  const from = enrollingFrom && { enrollingFrom: dayInWords(enrollingFrom.toISOString(), timeZone) };
  const first = firstEndsAt && {
    firstEndsOn: sayMoment(firstEndsAt, { dateStyle: "long", timeZone }),
  };
  return { ...numbers, ...from, ...first, people };
}
