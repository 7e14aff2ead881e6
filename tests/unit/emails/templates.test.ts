import { readdirSync } from "node:fs";
import { createElement, type FunctionComponent } from "react";
import { render } from "react-email";
import { describe, expect, test } from "vitest";
import * as accountLinked from "#emails/account-linked.tsx";
import * as addressChanged from "#emails/address-changed.tsx";
import * as addressHeld from "#emails/address-held.tsx";
import * as addressMoved from "#emails/address-moved.tsx";
import * as apiTokenGenerated from "#emails/api-token-generated.tsx";
import * as breakGlassArmed from "#emails/break-glass-armed.tsx";
import * as breakGlassUsed from "#emails/break-glass-used.tsx";
import * as confirmEmail from "#emails/confirm-email.tsx";
import * as confirmFactorReset from "#emails/confirm-factor-reset.tsx";
import * as emailMoved from "#emails/email-moved.tsx";
import * as factorChanged from "#emails/factor-changed.tsx";
import * as factorResetHeld from "#emails/factor-reset-held.tsx";
import * as firmLink from "#emails/firm-link.tsx";
import * as invitation from "#emails/invitation.tsx";
import * as newSignIn from "#emails/new-sign-in.tsx";
import * as passwordChanged from "#emails/password-changed.tsx";
import * as passwordExpires from "#emails/password-expires.tsx";
import * as passwordSet from "#emails/password-set.tsx";
import * as passwordSetForSomebody from "#emails/password-set-for-somebody.tsx";
import * as resetPassword from "#emails/reset-password.tsx";
import * as sessionsEnded from "#emails/sessions-ended.tsx";
import * as signInBySso from "#emails/sign-in-by-sso.tsx";
import * as signInCopied from "#emails/sign-in-copied.tsx";
import * as ssoAlert from "#emails/sso-alert.tsx";
import * as ssoEnded from "#emails/sso-ended.tsx";
import * as ssoEnforced from "#emails/sso-enforced.tsx";
import * as ssoLifted from "#emails/sso-lifted.tsx";
import * as ssoSetup from "#emails/sso-setup.tsx";
import * as temporaryPassword from "#emails/temporary-password.tsx";
import * as yourUsername from "#emails/your-username.tsx";

type Facts = {
  firmName: string;
  inviterName?: string;
  personName?: string;
  proposerName?: string;
  armedByName?: string;
  provider?: string;
  askingFirm?: string;
  username?: string;
  temporaryPassword?: string;
  url?: string;
  code?: string;
  accent?: string;
  lang?: string;
  dir?: string;
};
type Template = {
  default: FunctionComponent<Facts> & { PreviewProps: Facts };
  subject: (props: Facts) => string;
};

const folder = new URL("../../../emails/", import.meta.url);
const templates = {
  "account-linked.tsx": accountLinked,
  "address-changed.tsx": addressChanged,
  "address-held.tsx": addressHeld,
  "address-moved.tsx": addressMoved,
  "api-token-generated.tsx": apiTokenGenerated,
  "break-glass-armed.tsx": breakGlassArmed,
  "break-glass-used.tsx": breakGlassUsed,
  "confirm-email.tsx": confirmEmail,
  "confirm-factor-reset.tsx": confirmFactorReset,
  "email-moved.tsx": emailMoved,
  "factor-changed.tsx": factorChanged,
  "factor-reset-held.tsx": factorResetHeld,
  "firm-link.tsx": firmLink,
  "invitation.tsx": invitation,
  "new-sign-in.tsx": newSignIn,
  "sign-in-copied.tsx": signInCopied,
  "sessions-ended.tsx": sessionsEnded,
  "password-changed.tsx": passwordChanged,
  "password-expires.tsx": passwordExpires,
  "password-set.tsx": passwordSet,
  "password-set-for-somebody.tsx": passwordSetForSomebody,
  "reset-password.tsx": resetPassword,
  "sign-in-by-sso.tsx": signInBySso,
  "sso-alert.tsx": ssoAlert,
  "sso-ended.tsx": ssoEnded,
  "sso-setup.tsx": ssoSetup,
  "sso-enforced.tsx": ssoEnforced,
  "sso-lifted.tsx": ssoLifted,
  "temporary-password.tsx": temporaryPassword,
  "your-username.tsx": yourUsername,
} as unknown as Record<string, Template>;

const hostileNames = [
  `<img src=x onerror="alert(1)">`,
  "</style></title><script>alert(1)</script>",
  `" onmouseover="alert(1)`,
  "javascript:alert(1)",
  "Visit https://evil.example/reset or evil.example",
  "mail@evil.example",
  "ACME\r\nBcc: everybody@evil.example",
  "ACME\u202egnp.exe\u2066\u0000\u2028",
  "x".repeat(5_000),
];

test("every template is under these tests", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".tsx"));
  expect(files.sort()).toEqual(Object.keys(templates).sort());
});

describe.each(Object.entries(templates))("%s", (_, template) => {
  const facts = template.default.PreviewProps;
  const html = (changes: Partial<Facts> = {}) =>
    render(createElement(template.default, { ...facts, ...changes }));
  const text = (changes: Partial<Facts> = {}) =>
    render(createElement(template.default, { ...facts, ...changes }), { plainText: true });

  test("links nowhere but to the address it was given", async () => {
    const url = "https://firm.portal.example/some/where?x=1";
    const links = addresses(await html({ ...(facts.url && { url }), firmName: "https://evil.example" }));
    for (const link of links) expect(link).toBe(url);
    expect(links.length > 0).toBe(facts.url !== undefined);
  });

  test("says in plain text all that is needed", async () => {
    const plain = await text();
    expect(plain).toContain(facts.url ?? "");
    expect(plain).toContain(facts.code ?? "");
    expect(plain).toContain(facts.temporaryPassword ?? "");
    expect(plain).toContain(facts.username ?? "");
    expect(plain).not.toMatch(/<[a-z!/]|&[a-z]+;|undefined|null|NaN|\[object/i);
    expect(plain.split(facts.url ?? "\u0000").length).toBeLessThanOrEqual(2);
  });

  test.each(hostileNames)("takes the firm's name %j as a name and no more", async (firmName) => {
    const people = { personName: firmName, proposerName: firmName, armedByName: firmName };
    const names = { firmName, inviterName: firmName, ...people, askingFirm: firmName, provider: firmName };
    const markup = withoutStyles(await html(names));
    expect(markup).not.toMatch(/<script|<img|<[^>]*\son(error|mouseover)=|href="javascript:/i);
    expect(await text(names)).not.toMatch(/https?:\/\/evil|evil\.example|[\u202a-\u202e\u2066-\u2069]/);
    const subject = template.subject({ ...facts, firmName });
    expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    expect(subject.length).toBeLessThan(130);
  });

  test("ignores an accent that is no colour", async () => {
    expect(await html({ accent: "red;background:url(https://evil.example)" })).toBe(await html());
  });

  test("writes a username as a text and no more", async () => {
    if (!("username" in facts)) return;
    const username = `<img src=x onerror="alert(1)">\u202e@evil.example`;
    expect(withoutStyles(await html({ username }))).not.toMatch(/<img|[\u202a-\u202e]/);
  });

  test("tells mail programs its language, its direction and that it knows the dark", async () => {
    const markup = await html({ lang: "ar", dir: "rtl" });
    for (const tag of ["html", "body"]) {
      const opening = new RegExp(`<${tag}[^>]*>`).exec(markup)?.[0];
      expect(opening).toContain('lang="ar"');
      expect(opening).toContain('dir="rtl"');
    }
    expect(markup).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(markup).toContain('<meta name="supported-color-schemes" content="light dark"/>');
    expect(markup).toMatch(/@media \(prefers-color-scheme:dark\)/);
    expect(markup).toMatch(/data-skip-in-text="true"/);
    const dark = /<style>([\s\S]*?)<\/style>/.exec(markup)?.[1] ?? "";
    const elsewhere = dark.replace(/@media[^\n]*/g, "").replace(/\[data-ogsc\][^,}]*\}/g, "");
    expect(elsewhere).not.toContain("color:#");
  });
});

test("the reset mail shows its code once, whole, under the word Code", async () => {
  const facts = resetPassword.default.PreviewProps;
  const plain = await render(createElement(resetPassword.default, facts), { plainText: true });
  expect(plain).toMatch(/^Code\n418206$/m);
  expect(await render(createElement(resetPassword.default, facts))).toContain(">418206</span>");
});

test("the reset mail says how long and how often its link works, and what to do if it was somebody else", async () => {
  const facts = resetPassword.default.PreviewProps;
  const plain = await render(createElement(resetPassword.default, facts), { plainText: true });
  expect(plain).toContain("work once, for 15 minutes");
  expect(plain).toContain("If it was not you, ignore this e-mail.");
});

test("the reset mail of a firm that asks for no code speaks of none (X4)", async () => {
  const facts = { ...resetPassword.default.PreviewProps, code: undefined };
  const plain = await render(createElement(resetPassword.default, facts), { plainText: true });
  expect(plain).not.toMatch(/code/i);
  expect(plain).toContain("The link works once, for 15 minutes.");
});

test("the temporary password stands whole on a line of its own, with how long it works and what comes after (001-05, 001-08)", async () => {
  const facts = temporaryPassword.default.PreviewProps;
  const plain = await render(createElement(temporaryPassword.default, facts), { plainText: true });
  expect(plain).toMatch(/^Temporary password\nQW7K-M3TD-9HRP-XB4N$/m);
  expect(plain).toContain("works once, for 48 hours");
  expect(plain.replace(/\s+/g, " ")).toContain("choose a password of your own at once");
});

test.each([
  ["password-changed", passwordChanged],
  ["new-sign-in", newSignIn],
  ["password-set", passwordSet],
] as unknown as [string, Template][])(
  "%s says how to say that it was somebody else, with four digits (DEC9, B10)",
  async (_, template) => {
    const facts = template.default.PreviewProps;
    const plain = await render(createElement(template.default, facts), { plainText: true });
    expect(plain).toMatch(/^Code\n4182$/m);
    expect(plain.replace(/\s+/g, " ")).toMatch(
      /If (?:this was not you|you know nothing of this and .*), open the link and type the code\./,
    );
  },
);

test.each([
  [14, "in 14 days"],
  [1, "in 1 day"],
])("the warning %d days before the end says so where it is read first (C6)", (days, words) => {
  const facts = { ...passwordExpires.default.PreviewProps, days };
  expect(passwordExpires.subject(facts)).toBe(`Your ACME Corporation password expires ${words}`);
});

function addresses(markup: string) {
  const values = [...markup.matchAll(/\s(?:href|src|action|background)="([^"]*)"/g)].map(
    ([, value]) => value,
  );
  return values.map((value) => value?.replaceAll("&amp;", "&"));
}

function withoutStyles(markup: string) {
  return markup.replace(/<style>[\s\S]*?<\/style>/g, "").replace(/<!DOCTYPE[^>]*>/, "");
}
