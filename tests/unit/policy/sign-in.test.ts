import { describe, expect, test } from "vitest";
import { DAY, HOUR, after as later } from "#lib/core/clock.ts";
import { NO_FACTORS } from "#lib/policy/second-factor.ts";
import { RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import {
  type AccountFacts,
  decidePasskeySignIn,
  decideSignIn,
  decideSsoSignIn,
  type SignInFacts,
} from "#lib/policy/sign-in.ts";

const now = new Date("2026-03-01T12:00:00Z");

const credential = { changedAt: now, acceptedUnder: rulesOf(RECOMMENDED), temporaryUntil: undefined };

const account: AccountFacts = {
  status: "enabled",
  frozen: false,
  federated: false,
  ssoRequiredFrom: undefined,
  mustChangePassword: false,
  secondFactor: NO_FACTORS,
  credential,
};

const facts: SignInFacts = {
  account,
  options: RECOMMENDED,
  expirySince: null,
  locked: false,
  matched: "password",
  breached: false,
  now,
};

const decide = (change: Partial<SignInFacts>) => decideSignIn({ ...facts, ...change });
const refused = (reason: string) => ({ allow: false, reason });
const owes = (changeReason: string) => ({ allow: true, duties: ["change_password"], changeReason });
const temporary = { ...credential, temporaryUntil: later(now, 48 * HOUR) };

describe("a sign-in by password", () => {
  test.each<[string, Partial<SignInFacts>, object]>([
    ["with the right one opens the portal", {}, { allow: true, duties: [] }],
    ["with a wrong one does not", { matched: "none" }, refused("wrong_password")],
    ["with an unknown name does not", { account: undefined, matched: "none" }, refused("unknown_name")],
    ["with an unknown name does not, whatever was proven", { account: undefined }, refused("unknown_name")],
    [
      "of a federated member does not (B9)",
      { account: { ...account, federated: true } },
      refused("federated"),
    ],
    [
      "of a federated and disabled member does not",
      { account: { ...account, federated: true, status: "disabled" } },
      refused("federated"),
    ],
    [
      "of somebody whom the firm lets in by SSO alone does not, from that moment on (G5)",
      { account: { ...account, ssoRequiredFrom: now } },
      refused("sso_required"),
    ],
    [
      "of the same does not, by a wrong or a temporary one either",
      { account: { ...account, ssoRequiredFrom: now }, matched: "temporary" },
      refused("sso_required"),
    ],
    [
      "of the same does until then",
      { account: { ...account, ssoRequiredFrom: later(now, 1) } },
      { allow: true, duties: [] },
    ],
    [
      "of somebody without a password does not",
      { account: { ...account, credential: undefined }, matched: "none" },
      refused("no_password"),
    ],
    ["of a disabled account does not", { account: { ...account, status: "disabled" } }, refused("disabled")],
    ["of a frozen account does not (B10)", { account: { ...account, frozen: true } }, refused("frozen")],
    [
      "finds out that an account is disabled by the right password alone",
      { account: { ...account, status: "disabled" }, matched: "none" },
      refused("wrong_password"),
    ],
    [
      "from a place that is locked does not, even with the right one (000-18)",
      { locked: true },
      refused("locked"),
    ],
    [
      "from a locked place is refused alike with a wrong one: no oracle (C8)",
      { locked: true, matched: "none" },
      refused("locked"),
    ],
    [
      "by a mailed temporary password is heard from a locked place too: it is the reset (DEC6)",
      { locked: true, matched: "temporary" },
      owes("temporary"),
    ],
    [
      "by one that is over is refused there like any other",
      { locked: true, matched: "temporary_over" },
      refused("locked"),
    ],
    [
      "by a mailed temporary password leads to the change (001-08)",
      { matched: "temporary" },
      owes("temporary"),
    ],
    [
      "by a temporary password needs no other one",
      { matched: "temporary", account: { ...account, credential: undefined } },
      owes("temporary"),
    ],
    [
      "by a temporary password that is over does not",
      { matched: "temporary_over" },
      refused("temporary_password_over"),
    ],
    [
      "by one that an administrator has set leads to the change (000-11)",
      { account: { ...account, credential: temporary } },
      owes("temporary"),
    ],
    [
      "by one that an administrator has set ends 48 hours later, to the millisecond",
      { account: { ...account, credential: temporary }, now: later(now, 48 * HOUR) },
      refused("temporary_password_over"),
    ],
    [
      "of somebody who must change it leads to the change (004-11)",
      { account: { ...account, mustChangePassword: true } },
      owes("required"),
    ],
    [
      "does not help a wrong password by its duty",
      { account: { ...account, mustChangePassword: true }, matched: "none" },
      refused("wrong_password"),
    ],
    ["with a leaked one leads to the change (C3)", { breached: true }, owes("breached")],
    [
      "with a leaked one is all right where the firm does not look",
      { breached: true, options: { ...RECOMMENDED, breachList: false } },
      { allow: true, duties: [] },
    ],
    [
      "accepted under weaker rules leads to the change where they bind at the next sign-in (C1)",
      { options: { ...RECOMMENDED, symbolRequired: true, rulesApplyAt: "next_sign_in" } },
      owes("rules_changed"),
    ],
    [
      "accepted under weaker rules goes on where they bind at the next change",
      { options: { ...RECOMMENDED, symbolRequired: true } },
      { allow: true, duties: [] },
    ],
  ])("%s", (_, change, decision) => {
    expect(decide(change)).toMatchObject(decision);
  });
});

describe.each([30, 60, 90, 180, 365] as const)("with expiry after %i days (000-15, 000-17)", (expiryDays) => {
  const options = { ...RECOMMENDED, expiryDays };
  test("the last millisecond before is in time, and the next is not", () => {
    const end = later(now, expiryDays * DAY);
    expect(decide({ options, now: later(end, -1) })).toMatchObject({ allow: true, duties: [] });
    expect(decide({ options, now: end })).toMatchObject(owes("expired"));
  });

  test("a password without a date counts from the day on which expiry was switched on (C5)", () => {
    const undated = { ...account, credential: { ...credential, changedAt: null } };
    const at = (moment: Date) => decide({ options, account: undated, expirySince: now, now: moment });
    expect(at(later(now, expiryDays * DAY - 1))).toMatchObject({ allow: true, duties: [] });
    expect(at(later(now, expiryDays * DAY))).toMatchObject(owes("expired"));
  });
});

describe("a sign-in by a passkey", () => {
  const strict = { ...RECOMMENDED, secondFactor: "required" as const, expiryDays: 30 as const };
  const old = { ...credential, changedAt: later(now, -90 * DAY) };

  test.each<[string, Partial<AccountFacts> | undefined, object]>([
    ["opens the portal, also where a second factor is required", {}, { allow: true, duties: [] }],
    ["of nobody does not", undefined, refused("unknown_name")],
    ["of a federated member does not (DEC19)", { federated: true }, refused("federated")],
    [
      "of somebody whom the firm lets in by SSO alone does not (G5)",
      { ssoRequiredFrom: now },
      refused("sso_required"),
    ],
    ["of a disabled account does not", { status: "disabled" }, refused("disabled")],
    ["of a frozen account does not (B10)", { frozen: true }, refused("frozen")],
    ["asks for no new password with time (C5)", { credential: old }, { allow: true, duties: [] }],
    ["asks for one where an administrator does", { mustChangePassword: true }, owes("required")],
    ["asks for one where somebody else has set it", { credential: temporary }, owes("required")],
    [
      "asks for one also when that is over: its owner is there",
      { credential: { ...temporary, temporaryUntil: later(now, -HOUR) } },
      owes("required"),
    ],
    [
      "asks nothing of somebody without a password",
      { credential: undefined, mustChangePassword: true },
      { allow: true, duties: [] },
    ],
    [
      "proves the second factor that is there",
      { secondFactor: { ...NO_FACTORS, enrolled: ["totp", "passkey"] } },
      { allow: true, duties: [], proofs: ["passkey"] },
    ],
  ])("%s", (_, change, decision) => {
    const whose = change && { ...account, ...change };
    const facts = { account: whose, options: strict, now, opensBreakGlass: false };
    expect(decidePasskeySignIn(facts)).toMatchObject(decision);
  });
});

describe("a sign-in by the passkey of an armed break-glass (J3, DEC19)", () => {
  test.each<[string, Partial<AccountFacts>, object]>([
    ["opens the account of a federated member", { federated: true }, { allow: true, byBreakGlass: true }],
    ["opens one where SSO is the only way", { ssoRequiredFrom: now }, { allow: true, byBreakGlass: true }],
    [
      "asks for no new password there",
      { ssoRequiredFrom: now, mustChangePassword: true },
      { allow: true, duties: [], changeReason: undefined },
    ],
    ["does not open a disabled account", { federated: true, status: "disabled" }, refused("disabled")],
    ["does not open a frozen one", { federated: true, frozen: true }, refused("frozen")],
  ])("%s", (_, change, decision) => {
    const facts = { account: { ...account, ...change }, options: RECOMMENDED, now, opensBreakGlass: true };
    expect(decidePasskeySignIn(facts)).toMatchObject(decision);
  });

  test("is an ordinary one where the portal itself lets them in", () => {
    const facts = { account, options: RECOMMENDED, now, opensBreakGlass: true };
    expect(decidePasskeySignIn(facts)).not.toHaveProperty("byBreakGlass");
  });

  test("helps no password", () => {
    const typed = { account: { ...account, federated: true }, opensBreakGlass: true };
    expect(decide(typed as Partial<SignInFacts>)).toEqual(refused("federated"));
  });
});

describe("a sign-in by the firm's identity provider (G1, G2)", () => {
  const federated: AccountFacts = { ...account, federated: true, credential: undefined };
  const withFactor = { ...federated, secondFactor: { ...NO_FACTORS, enrolled: ["totp" as const] } };
  const by = {
    account: federated,
    options: RECOMMENDED,
    now,
    locked: false,
    strong: false,
    remembered: false,
  };
  const strict = { ...RECOMMENDED, secondFactor: "required" as const };
  const trusting = { ...strict, trustProviderFactors: true };
  const wary = { ...strict, trustProviderFactors: false };

  test.each([
    ["signs in", {}, { allow: true, duties: [], proofs: ["sso"] }],
    ["is nobody's, where the account is not federated", { account }, refused("unknown_name")],
    ["is nobody's, where there is no account", { account: undefined }, refused("unknown_name")],
    [
      "opens nothing that is switched off",
      { account: { ...federated, status: "disabled" as const } },
      refused("disabled"),
    ],
    ["opens nothing that is frozen", { account: { ...federated, frozen: true } }, refused("frozen")],
    [
      "owes the account's own second factor",
      { account: withFactor },
      { allow: true, duties: ["second_factor"] },
    ],
    [
      "but not in a browser that is remembered",
      { account: withFactor, remembered: true },
      { allow: true, duties: [] },
    ],
    [
      "owes one, where the firm requires it",
      { options: wary },
      { allow: true, duties: ["enroll_second_factor"] },
    ],
    [
      "nor does the provider's count where it is not trusted",
      { options: wary, strong: true },
      { duties: ["enroll_second_factor"] },
    ],
    [
      "the provider's is enough where it is",
      { options: trusting, strong: true },
      { allow: true, duties: [] },
    ],
    [
      "a provider that says nothing has asked for none",
      { options: trusting },
      { duties: ["enroll_second_factor"] },
    ],
    ["is locked where codes are to be typed", { account: withFactor, locked: true }, refused("locked")],
    ["and is not where none are", { locked: true }, { allow: true, duties: [] }],
    [
      "owes no change of any password (C5)",
      { account: { ...federated, mustChangePassword: true } },
      { duties: [] },
    ],
  ])("%s", (_, change, decision) => {
    expect(decideSsoSignIn({ ...by, ...change })).toMatchObject(decision);
  });
});
