import type { SecurityOptions } from "#lib/policy/security-options.ts";
import type { Typed } from "#lib/web/form.ts";
import { dayOf, REQUIRED, REQUIRED_FROM, requiredFromTyped } from "../factor-requirement.ts";

/** Options as a form sends them: a switch that is off sends nothing. */
export function formValues(options: SecurityOptions, timeZone: string): Record<string, string> {
  const sent = Object.entries({ ...options, ...secondFactorInForm(options, timeZone) }).filter(
    ([, value]) => value !== false,
  );
  return Object.fromEntries(sent.map(([name, value]) => [name, value === true ? "on" : String(value)]));
}

/** A form asks for a day of the firm's calendar where the options have an instant, and has an answer of its own for it. */
export function secondFactorInForm({ secondFactor, secondFactorFrom }: SecurityOptions, timeZone: string) {
  if (secondFactor !== "required" || secondFactorFrom === "") return { secondFactor, secondFactorFrom: "" };
  return { secondFactor: REQUIRED_FROM, secondFactorFrom: dayOf(secondFactorFrom, timeZone) };
}

/** A form as the options' schema takes it. `stood` is what its version says. */
export function typedOptions(input: Typed, timeZone: string, stood: SecurityOptions | undefined) {
  const { secondFactor: choice, secondFactorFrom: day } = input;
  return {
    ...input,
    secondFactor: choice === REQUIRED_FROM ? REQUIRED : choice,
    secondFactorFrom: requiredFromTyped({ choice, day }, timeZone, stood?.secondFactorFrom ?? ""),
  };
}
