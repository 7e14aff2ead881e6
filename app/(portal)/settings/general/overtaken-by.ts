import type { FirmSettingsInput } from "#lib/settings/input.ts";
import type { FirmSettings } from "#lib/settings/read-firm-settings.ts";
import type { FormState } from "#lib/web/form-state.ts";

type Saved = FirmSettings & { name: string };

const FIELDS = [
  ...(["name", "supportName", "supportEmail", "supportPhone"] as const),
  ...(["timeZone", "auditDays", "deletedDays"] as const),
];

/**
 * What another administrator has saved meanwhile, beside what was typed. Nothing is saved; the next press is based on
 * what they saved, and counts.
 */
export function overtakenBy(
  saved: Saved,
  wanted: FirmSettingsInput,
  values: Record<string, string>,
): FormState {
  const different = FIELDS.filter((field) => saved[field] !== wanted[field]);
  const fieldErrors = different.map((field) => [field, [`Saved meanwhile: ${inWords(saved[field])}`]]);
  return {
    message:
      different.length === 0
        ? "Somebody else has saved the same settings meanwhile. There is nothing left to save."
        : "Somebody else has saved these settings meanwhile. What they saved stands beside what you typed: look at it, then save again.",
    fieldErrors: Object.fromEntries(fieldErrors),
    values: { ...values, version: String(saved.version) },
  };
}

function inWords(value: string | number | null): string {
  if (value === null) return "for good";
  return value === "" ? "nothing" : `“${value}”`;
}
