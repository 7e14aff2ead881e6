import { expect, test } from "vitest";
import { overtakenBy, shownAtFirst } from "#app/(portal)/settings/general/overtaken-by.ts";
import { FIRM_DEFAULTS } from "#lib/settings/read-firm-settings.ts";

const FIRST = { ...FIRM_DEFAULTS, name: "ACME" };

const SAVED = { ...FIRST, supportName: "Front desk", timeZone: "Europe/Warsaw", auditDays: 400, version: 1 };

const { version: _, ...left } = FIRST;

const answer = (typed: Partial<typeof left>, first = shownAtFirst(FIRST)) =>
  overtakenBy(SAVED, { ...left, ...typed, version: 0 }, { ...asSent({ ...left, ...typed }), first });

function asSent(settings: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value ?? "")]));
}

test("of two administrators the second sees what the first has saved; nothing of either is lost (E6)", () => {
  const { message, values, fieldErrors } = answer({ supportName: "Reception", supportPhone: "555" });
  expect(values).toMatchObject({
    ...{ supportName: "Reception", supportPhone: "555", timeZone: "Europe/Warsaw", auditDays: "400" },
    version: "1",
  });
  expect(fieldErrors).toEqual({ supportName: ["Saved meanwhile: “Front desk”"] });
  for (const told of [
    "Who helps: “Front desk”",
    "Time zone: “Europe/Warsaw”",
    "Days for audit events: “400”",
  ])
    expect(message).toContain(told);
});

test("both having typed the same is nothing to mark", () => {
  expect(answer({ supportName: "Front desk" }).fieldErrors).toEqual({});
});

test.each(["", "{", "null", "7"])(
  "a form that does not say what it showed (%j) marks all differences",
  (first) => {
    expect(Object.keys(answer({}, first).fieldErrors ?? {}).sort()).toEqual([
      "auditDays",
      "supportName",
      "timeZone",
    ]);
  },
);
