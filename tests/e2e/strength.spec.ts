import type { Page } from "@playwright/test";
import { judgePassword, type PasswordVerdict } from "#lib/policy/password.ts";
import { type PasswordRules, RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import { manyPasswords } from "./support/many-passwords.ts";
import { chooseOptions } from "./support/options.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import { askForReset } from "./support/wire.ts";

type Scene = { portal: Portal; page: Page; firm: { slug: string; people: { marta: { email: string } } } };

/** The page behind a mailed link, and the code of its mail. */
async function openReset({ portal, page, firm }: Scene): Promise<string> {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link, code } = await portal.emailTo(marta.email, { at: firm.slug });
  await page.goto(link);
  return code;
}

const field = (page: Page) => page.getByLabel("New password", { exact: true });

test("the strength of a new password is shown while it is typed, by the judge that the server has (003-07, 003-08)", async ({
  portal,
  page,
  firm,
}) => {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", ({ message }) => complaints.push(message));
  const code = await openReset({ portal, page, firm });
  expect(page.workers(), "the judge is not there before somebody wants to type").toEqual([]);

  for (const [typed, strength] of [
    ["12345678", "Poor"],
    ["summer26", "Weak"],
    ["summerkiosk", "Acceptable"],
    ["quilt marble 7 otter", "Excellent"],
    ["summer26", "Weak"],
  ] as const) {
    await field(page).fill(typed);
    await expect(page.getByText(`Strength: ${strength}`, { exact: true })).toBeVisible();
  }
  expect(page.workers()).toHaveLength(1);
  expect(complaints, "the page's own policy lets the judge work").toEqual([]);

  await page.getByLabel("Code").fill(code);
  await page.getByLabel("Confirm password").fill("summer26");
  await page.getByRole("button", { name: "Save New Password" }).click();
  await expect(page.getByText("Strength: Weak. It has to be at least Acceptable").first()).toBeVisible();
});

test("each line of the firm's rules says whether it is met while a password is typed (003-08, 000-14, UX7)", async ({
  portal,
  page,
  firm,
  database,
}) => {
  const options = { minLength: 10, upperRequired: true, numericRequired: true, symbolRequired: true };
  await chooseOptions(database, firm.slug, options);
  await openReset({ portal, page, firm });
  const lines = page.getByRole("listitem");
  await expect(lines.first()).toHaveText("At least 10 characters");

  const states = [
    ["summer", "not met yet", "not met yet", "not met yet", "not met yet"],
    ["Summer", "not met yet", "met", "not met yet", "not met yet"],
    ["Summer 1", "not met yet", "met", "met", "met"],
    ["quilt marble 7", "met", "not met yet", "met", "met"],
    ["Quilt marble 7", "met", "met", "met", "met"],
  ];
  for (const [typed = "", ...expected] of states) {
    await field(page).fill(typed);
    for (const [index, state] of expected.entries())
      await expect(lines.nth(index)).toHaveText(new RegExp(`: ${state}$`));
  }
  for (const [typed, line] of [
    [`${firm.slug} marta`, "Not your name, your address or the name of the firm"],
    ["kowalska", "Not your name, your address or the name of the firm"],
    ["abcdefgh", "Not 1234, abcd or the like"],
    ["aaaaaaaa", "Not 1234, abcd or the like"],
  ] as const) {
    await field(page).fill(typed);
    await expect(lines.filter({ hasText: line })).toHaveText(`${line}: not met yet`);
  }
  await field(page).fill("");
  await expect(lines.first()).toHaveText("At least 10 characters");
});

test("browser and server give 5,000 passwords the same verdict (C2)", async ({ portal, page, firm }) => {
  test.setTimeout(240_000);
  await openReset({ portal, page, firm });
  await field(page).fill("quilt");
  await expect(page.getByText("Strength:", { exact: false }).first()).toBeVisible();
  const judge = page.workers()[0]?.url() ?? "";
  const strict = { upperRequired: true, letterRequired: true, numericRequired: true, symbolRequired: true };
  const words = ["acme", "corporation", "kowalska", "robin"];
  const passwords = manyPasswords(5_000);
  const half = passwords.length / 2;
  const papers: [PasswordRules, string[]][] = [
    [rulesOf(RECOMMENDED), passwords.slice(0, half)],
    [{ ...rulesOf(RECOMMENDED), ...strict, minLength: 8, minStrength: "Good" }, passwords.slice(half)],
  ];

  let accepted = 0;
  for (const [rules, some] of papers) {
    const verdicts = await judgedInBrowser(page, { judge, rules, words, passwords: some });
    for (const [index, password] of some.entries()) {
      const ours = judgePassword(password, rules, words);
      expect(verdicts[index], JSON.stringify(password)).toEqual(ours);
      if (ours.failures.length === 0) accepted += 1;
    }
  }
  expect(accepted, "some are good, some are not").toBeGreaterThan(100);
  expect(accepted).toBeLessThan(4_900);
});

type Paper = { judge: string; rules: PasswordRules; words: string[]; passwords: string[] };

/** Asks the page's own judge, in a worker of its own, one question after the other. */
function judgedInBrowser(page: Page, paper: Paper): Promise<PasswordVerdict[]> {
  return page.evaluate(({ judge, rules, words, passwords }) => {
    const worker = new Worker(judge);
    return new Promise<PasswordVerdict[]>((resolve, reject) => {
      const verdicts: PasswordVerdict[] = [];
      worker.onerror = ({ message }) => reject(new Error(message || "The judge did not start."));
      worker.onmessage = ({ data }) => {
        verdicts[data.number] = data.verdict;
        if (data.number === passwords.length - 1) resolve(verdicts);
      };
      for (const [number, password] of passwords.entries()) {
        worker.postMessage({ number, password, rules, words });
      }
    });
  }, paper);
}
