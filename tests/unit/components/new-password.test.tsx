import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { NewPasswordFields } from "#app/(auth)/new-password-fields.tsx";
import { ExpiryBell } from "#components/account/expiry-bell.tsx";
import { expirySentence } from "#components/account/expiry-sentence.ts";
import { FormContext } from "#components/form/form-context.ts";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { TabRow } from "#components/layout/tab-row.tsx";
import { DAY, HOUR } from "#lib/core/clock.ts";
import { daysLeft } from "#lib/policy/expiry.ts";
import { type PasswordRules, RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";

const html = (changes: Partial<PasswordRules> = {}) =>
  renderToStaticMarkup(
    <NewPasswordFields
      username="robin@mail.example"
      rules={{ ...rulesOf(RECOMMENDED), ...changes }}
      words={["acme"]}
    />,
  );

const linesOf = (markup: string) =>
  [...markup.matchAll(/<li[^>]*>(.*?)<\/li>/g)].map(([, line = ""]) => line.replace(/<[^>]*>/g, ""));

describe("the fields of a new password", () => {
  test("say without a script what it needs, line by line, from the firm's own rules (003-08, UX7)", () => {
    expect(html()).toContain("Your password needs:");
    expect(linesOf(html())).toEqual([
      "At least 15 characters",
      "Not your name, your address or the name of the firm",
      "Not 1234, abcd or the like",
      "Strength at least Acceptable",
      "Not leaked elsewhere, which is checked when you save",
    ]);
    const other = { minLength: 9, upperRequired: true, symbolRequired: true, minStrength: "Poor" } as const;
    expect(linesOf(html({ ...other, breachList: false }))).toEqual([
      "At least 9 characters",
      "An upper case letter",
      "A symbol, such as ! or -",
      "Not your name, your address or the name of the firm",
      "Not 1234, abcd or the like",
    ]);
  });

  test("claim nothing of what nobody has judged yet", () => {
    expect(html()).not.toContain("data-met");
    expect(html()).not.toContain("<meter");
  });

  test("tie the list to the field, for those who listen (UX7)", () => {
    expect(html()).toContain('aria-describedby="newPassword-hint newPassword-needs"');
    expect(html()).toContain('id="newPassword-needs"');
  });

  test("tell password managers whose password it is and what it may be, both times (UX1, UX2, DEC14)", () => {
    const fields = html().match(/<input[^>]*type="password"[^>]*>/g) ?? [];
    expect(fields).toHaveLength(2);
    for (const field of fields) {
      expect(field).toContain('autoComplete="new-password"');
      expect(field).toContain('minLength="15"');
      expect(field).toContain('passwordrules="minlength: 15; maxlength: 128;');
      expect(field).not.toMatch(/onpaste|ondrop/i);
    }
    expect(html()).toContain('autoComplete="username"');
  });
});

describe("the end of a password is said", () => {
  const end = new Date("2026-12-24T09:00:00Z");
  const at = (before: number) => {
    const now = new Date(end.getTime() - before);
    return expirySentence({ expiresAt: end, daysLeft: daysLeft(end, now) });
  };

  test.each([
    [14 * DAY, "Your password expires in 14 days (24 December 2026).", "Password expires in 14 days"],
    [5 * DAY, "Your password expires in 5 days (24 December 2026).", "Password expires in 5 days"],
    [4 * DAY + HOUR, "Your password expires in 5 days (24 December 2026).", "Password expires in 5 days"],
    [HOUR, "Your password expires in 1 day (24 December 2026).", "Password expires in 1 day"],
    [-HOUR, "Your password has expired (24 December 2026).", "Password has expired"],
  ])("%i ms before it", (before, sentence, short) => {
    expect(at(before)).toEqual({ sentence, short });
  });

  test("by a bell with the way out in it, which needs no script (000-16)", () => {
    const bell = renderToStaticMarkup(<ExpiryBell {...at(5 * DAY)} />);
    expect(bell).toContain('aria-label="Your password expires in 5 days (24 December 2026)."');
    expect(bell).toMatch(/popoverTarget="password-expiry"/i);
    expect(bell).toContain('<a href="/account/password">Change your password now</a>');
    expect(bell).not.toMatch(/\sstyle=|\son[a-z]+=/);
  });
});

describe("a group of choices", () => {
  const options = [
    { value: "a", label: "First", hint: "For most." },
    { value: "b", label: "Second" },
  ];
  const group = (state = {}) =>
    renderToStaticMarkup(
      <FormContext value={{ state }}>
        <RadioGroup name="choice" legend="Which one?" options={options} defaultValue="a" />
      </FormContext>,
    );

  const chosen = (markup: string) =>
    [...markup.matchAll(/<input[^>]*>/g)]
      .filter(([input]) => input.includes("checked"))
      .map(([input]) => /value="(\w)"/.exec(input)?.[1]);

  test("has a question, names its answers and begins with one", () => {
    expect(group()).toContain('<legend class="field-label">Which one?</legend>');
    expect(group()).toContain('<label for="choice-b" class="check-label">Second</label>');
    expect(group()).toContain('aria-describedby="choice-hint"');
    expect(chosen(group())).toEqual(["a"]);
  });

  test("comes back with what was chosen, and with what was wrong", () => {
    const answered = group({ values: { choice: "b" }, fieldErrors: { choice: ["Choose one."] } });
    expect(chosen(answered)).toEqual(["b"]);
    expect(answered).toContain('<fieldset aria-describedby="choice-error"');
    expect(answered).toContain("Choose one.");
  });
});

test("a row of tabs marks the page that is open", () => {
  const tabs = [
    { href: "/account/password", label: "Password" },
    { href: "/account/sessions", label: "Sessions" },
  ];
  const row = renderToStaticMarkup(<TabRow label="Settings" tabs={tabs} currentPath="/account/password" />);
  expect(row).toContain('<nav aria-label="Settings"');
  expect(row).toContain('<a href="/account/password" aria-current="page">Password</a>');
  expect(row).toContain('<a href="/account/sessions">Sessions</a>');
});
