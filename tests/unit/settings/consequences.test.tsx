import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Consequences, type Simulated } from "#components/settings/consequences.tsx";

const nobody: Simulated = {
  ...{ total: 0, enrolling: 0, confirming: 0, changing: 0, locked: 0, outOf: 340, relieved: 0 },
  people: [],
};

const person = (name: string, meaning = "expired") => ({
  name,
  kind: "contact" as const,
  meanings: [meaning],
});

const textOf = (change: Partial<Simulated>, leaked = false) =>
  renderToStaticMarkup(<Consequences simulation={{ ...nobody, ...change }} leaked={leaked} />);

describe("what a change of the options would do is said in a sentence (C1, UX47):", () => {
  test.each<[string, Partial<Simulated>, boolean, string[]]>([
    ["nobody", {}, false, ["This would ask nobody to do anything at their next sign-in."]],
    [
      "some",
      { total: 12, changing: 12, people: [person("Ann")] },
      false,
      ["This would ask 12 of 340 people to change their password at their next sign-in."],
    ],
    [
      "one of one",
      { total: 1, changing: 1, outOf: 1 },
      false,
      ["This would ask 1 of 1 person to change their password"],
    ],
    [
      "some are locked out only",
      { total: 3, locked: 3 },
      false,
      ["This would lock 3 of 340 people out until their password is reset."],
    ],
    [
      "both",
      { total: 5, changing: 3, locked: 2 },
      false,
      ["This would ask 3 of 340 people to change", "This would lock 2 of 340 people out"],
    ],
    [
      "enrolment (F4)",
      { total: 83, enrolling: 83, changing: 2 },
      false,
      [
        "This would ask 83 of 340 people to set up a second factor at their next sign-in.",
        "2 of 340 people to change",
      ],
    ],
    [
      "enrolment from a day ahead (F4)",
      { total: 83, enrolling: 83, enrollingFrom: "1 December 2026" },
      false,
      ["From 1 December 2026 on this would ask 83 of 340 people to set up a second factor."],
    ],
    [
      "the end of remembering",
      { total: 4, confirming: 4 },
      false,
      ["4 of 340 people for their second factor again where a browser is remembered now."],
    ],
    [
      "the end of the first passwords (C5)",
      { firstEndsOn: "3 March 2027" },
      false,
      ["This would ask nobody", "The first passwords end on 3 March 2027."],
    ],
    [
      "the end of those that are left, where some have ended",
      { total: 2, changing: 2, firstEndsOn: "3 March 2027" },
      false,
      ["2 of 340 people to change", "The next passwords end on 3 March 2027."],
    ],
    ["relief", { relieved: 7 }, false, ["7 of 340 people would no longer have to do anything there."]],
    ["leaked passwords, which nobody can count", {}, true, ["nobody can read passwords"]],
  ])("%s", (_, change, leaked, sentences) => {
    const html = textOf(change, leaked);
    for (const sentence of sentences) expect(html).toContain(sentence);
  });
});

describe("those who have to act are named", () => {
  test("with what it means for each, as text", () => {
    const people = [
      person("Ann <b>"),
      person("Bo", "rules_changed"),
      person("Cy", "locked"),
      { ...person("Di"), meanings: ["enroll_second_factor", "expired"] },
    ];
    const html = textOf({ total: 4, locked: 1, people });
    expect(html).toContain("Ann &lt;b&gt;");
    expect(html).toContain("Must change a password that is too old");
    expect(html).toContain("Must change a password that weaker rules accepted");
    expect(html).toContain("Locked out until a reset");
    expect(html).toContain("Must set up a second factor");
    expect(html).not.toContain("more.");
  });

  test("and those who are not are counted", () => {
    expect(textOf({ total: 101, people: [person("Ann")] })).toContain("And 100 more.");
  });

  test("a list that would hide the buttons is folded, a short one is not", () => {
    const many = Array.from({ length: 11 }, (_, number) => person(`Person ${number}`));
    expect(textOf({ total: 11, people: many })).toContain('<details class="card">');
    expect(textOf({ total: 10, people: many.slice(1) })).toContain('<details open="" class="card">');
  });

  test("two of one name are two", () => {
    const html = textOf({ total: 2, people: [person("Ann"), person("Ann")] });
    expect(html.match(/>Ann</g)).toHaveLength(2);
  });
});
