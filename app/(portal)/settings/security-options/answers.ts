import type { Review } from "#components/settings/review-step.tsx";
import { mergeOptions, optionChanges } from "#lib/policy/option-changes.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import type { OptionsVersion } from "#lib/settings/read-versions.ts";
import type { Simulation } from "#lib/settings/simulate-security-options.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { formValues } from "./form-values.ts";
import { changeInWords, valueInWords } from "./option-words.ts";
import { simulationInWords } from "./simulation-in-words.ts";

type Standing = {
  versions: readonly [OptionsVersion, ...OptionsVersion[]];
  /** The version that the form was made of; undefined where nobody knows it. */
  base: OptionsVersion | undefined;
  timeZone: string;
};

/** What keeps a form from being saved: nothing has changed, or somebody else was faster. */
export function answerBeforeSaving(
  { versions, base, timeZone }: Standing,
  wanted: SecurityOptions,
  values: Record<string, string>,
): FormState | undefined {
  const [newest] = versions;
  if (!base) return { message: "This form is too old. Reload the page and choose again.", values };
  const { options, disputed } = mergeOptions(base.options, wanted, newest.options);
  const merged = { ...formValues(options, timeZone), basedOnVersion: String(newest.version) };
  if (optionChanges(newest.options, options).length === 0) return { step: "unchanged", values: merged };
  if (base === newest) return undefined;
  const who = authorsOf(versions.filter(({ version }) => version > base.version));
  const errors = disputed.map((option) => [
    option,
    [`${who} chose “${valueInWords(option, newest.options[option], timeZone)}” here meanwhile.`],
  ]);
  return {
    message: `${who} saved other options meanwhile (${inWords(base, newest, timeZone)}). They are taken over below and your own choices are kept: look at them and continue.`,
    fieldErrors: Object.fromEntries(errors),
    values: merged,
  };
}

/** What is shown before anything is saved, as a form can carry it. */
export function reviewOf(
  { current, wanted, timeZone }: { current: SecurityOptions; wanted: SecurityOptions; timeZone: string },
  simulation: Simulation,
): Record<string, string> {
  const review: Review = {
    changes: optionChanges(current, wanted).map((change) => changeInWords(change, timeZone)),
    simulation: simulationInWords(simulation, timeZone),
    leaked: wanted.breachList && !current.breachList,
  };
  return { review: JSON.stringify(review) };
}

function authorsOf(versions: OptionsVersion[]): string {
  const names = new Set(versions.map(({ by }) => by ?? "Somebody"));
  return [...names].reverse().join(" and ");
}

function inWords(base: OptionsVersion, newest: OptionsVersion, timeZone: string): string {
  return optionChanges(base.options, newest.options)
    .map((change) => changeInWords(change, timeZone))
    .map(({ option, from, to }) => `${option}: ${from} → ${to}`)
    .join("; ");
}
