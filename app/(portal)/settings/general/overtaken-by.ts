import type { FirmSettingsInput } from "#lib/settings/input.ts";
import type { FirmSettings } from "#lib/settings/read-firm-settings.ts";
import type { FormState } from "#lib/web/form-state.ts";

type Saved = FirmSettings & { name: string };

const LABELS = {
  name: "Name",
  supportName: "Who helps",
  supportEmail: "E-mail",
  supportPhone: "Telephone",
  timeZone: "Time zone",
  auditDays: "Days for audit events",
  deletedDays: "Days for deleted people",
} as const;

type Field = keyof typeof LABELS;

const FIELDS = Object.keys(LABELS) as Field[];

/** What the form showed at first, to tell what its reader changed from what was left alone. */
export function shownAtFirst(saved: Saved): string {
  return JSON.stringify(FIELDS.map((field) => saved[field] ?? ""));
}

/**
 * Another administrator has saved meanwhile. What was left alone here is taken over from them, what both have changed stays
 * as it was typed and is marked. Nothing is saved; the next press is based on what they saved, and counts.
 */
export function overtakenBy(
  saved: Saved,
  wanted: FirmSettingsInput,
  values: Record<string, string>,
): FormState {
  const first = firstOf(values.first);
  const theirs = FIELDS.filter((field) => text(saved[field]) !== first[field]);
  const disputed = theirs.filter(
    (field) => text(wanted[field]) !== first[field] && wanted[field] !== saved[field],
  );
  const takenOver = theirs.filter((field) => !disputed.includes(field));
  const merged = Object.fromEntries(takenOver.map((field) => [field, text(saved[field])]));
  const marks = disputed.map((field) => [field, [`Saved meanwhile: ${inWords(saved[field])}`]]);
  return {
    message: `Somebody else has saved these settings meanwhile (${theirs.map(said(saved)).join("; ")}). What you left alone is taken over, what you typed is kept: look at it, then save again.`,
    fieldErrors: Object.fromEntries(marks),
    values: { ...values, ...merged, version: String(saved.version), first: shownAtFirst(saved) },
  };
}

/** From the form, which may hold anything. */
function firstOf(sent: string | undefined): Partial<Record<Field, string>> {
  try {
    const shown: unknown = JSON.parse(sent ?? "[]");
    if (!Array.isArray(shown)) return {};
    return Object.fromEntries(FIELDS.map((field, index) => [field, text(shown[index])]));
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

function said(saved: Saved) {
  return (field: Field) => `${LABELS[field]}: ${inWords(saved[field])}`;
}

function inWords(value: string | number | null): string {
  if (value === null) return "for good";
  return value === "" ? "nothing" : `“${value}”`;
}
