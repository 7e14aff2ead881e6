import { describe, expect, test } from "vitest";
import { renderMail, TEMPLATES, type TemplateName } from "#lib/outbox/templates.tsx";

const TOKEN = "TOKEN-MARKER-4f9c";
const CODE = "CODE-MARKER-77";
const USERNAME = "USERNAME-MARKER";
const LINK = `https://firm.portal.example/page/${TOKEN}`;

const names = Object.keys(TEMPLATES) as TemplateName[];

const render = (name: TemplateName, username?: string) => {
  const { typed, purpose } = TEMPLATES[name];
  return renderMail(name, {
    firmName: "ACME Corporation",
    accent: "#0a7d4f",
    props: {
      at: "2026-11-22T14:05:00Z",
      days: 7,
      name: "Ann Meyer",
      proposer: "Bob Stone",
      armedBy: "Cleo Park",
      provider: "ACME Entra ID",
      connection: "ACME Entra ID",
      browser: "Firefox on Windows",
      address: "203.0.…",
      change: "recovery_code_used",
      codesLeft: 3,
      alert: "rolled_back",
      domain: "acme.example",
    },
    url: purpose && !typed ? LINK : "https://firm.portal.example/page",
    secret: purpose && { token: TOKEN, code: CODE },
    username,
  });
};

const whole = (mail: { subject: string; html: string; text: string }) => Object.values(mail).join("\n");

describe.each(names)("%s", (name) => {
  const { purpose } = TEMPLATES[name];

  test("holds no username that it was not given, so that none stands beside a secret by accident (X6, 001-07)", async () => {
    expect(whole(await render(name))).not.toContain(USERNAME);
  });

  test("names nobody's username but where it is for that, or where the firm wants it beside a secret (X6, B6)", async () => {
    const mail = whole(await render(name, USERNAME));
    const opens =
      purpose === "password_reset" || purpose === "invitation" || purpose === "temporary_password";
    expect(mail.includes(USERNAME)).toBe(opens || name === "your-username");
  });

  test("holds the secret that it is for, and no other mail holds one", async () => {
    const mail = whole(await render(name, USERNAME));
    expect(mail.includes(TOKEN)).toBe(purpose !== undefined);
    expect(mail.includes(CODE)).toBe(
      [
        ...["password_reset", "freeze", "address_hold", "email_change", "email_undo", "firm_link"],
        ...["factor_reset", "factor_hold"],
      ].includes(purpose ?? ""),
    );
  });

  test("has nothing secret and no username in its subject", async () => {
    const { subject } = await render(name, USERNAME);
    for (const marker of [TOKEN, CODE, USERNAME]) expect(subject).not.toContain(marker);
    expect(subject).toContain("ACME Corporation");
  });

  test("links to the firm's own host and to nothing else (SEC25)", async () => {
    const { html, text } = await render(name, USERNAME);
    const links = [...`${html}\n${text}`.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([link]) => link);
    const foreign = links.filter((link) => new URL(link).host !== "firm.portal.example");
    expect(foreign.filter((link) => !link.startsWith("http://www.w3.org/"))).toEqual([]);
  });

  test("says its facts, and no word of a program's", async () => {
    const { text, subject } = await render(name, "robin");
    expect(`${subject}\n${text}`).not.toMatch(/undefined|null|NaN|Invalid Date|\[object/);
  });
});

test("a time is said with its zone", async () => {
  expect((await render("password-changed")).text).toContain("22 November 2026 at 14:05 UTC");
});
