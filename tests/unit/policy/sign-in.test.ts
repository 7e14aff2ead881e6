import { expect, test } from "vitest";
import { decideSignIn, type SignInFacts } from "#lib/policy/sign-in.ts";

const account = {
  status: "enabled",
  federated: false,
  hasPassword: true,
  mustChangePassword: false,
} as const;

const signedIn = { allow: true, duties: [] };
const refused = (reason: string) => ({ allow: false, reason });

test.each<[string, SignInFacts["account"], boolean, object]>([
  ["a right password signs in", account, true, signedIn],
  ["a wrong one does not", account, false, refused("wrong_password")],
  ["an unknown name does not", undefined, false, refused("unknown_name")],
  ["an unknown name does not, whatever was proven", undefined, true, refused("unknown_name")],
  [
    "whoever must change it has that duty first",
    { ...account, mustChangePassword: true },
    true,
    { allow: true, duties: ["change_password"] },
  ],
  [
    "a duty helps no wrong password",
    { ...account, mustChangePassword: true },
    false,
    refused("wrong_password"),
  ],
  ["a disabled account stays out", { ...account, status: "disabled" }, true, refused("disabled")],
  [
    "only the right password finds out that an account is disabled",
    { ...account, status: "disabled" },
    false,
    refused("wrong_password"),
  ],
  [
    "a federated member has no password here (B9)",
    { ...account, federated: true },
    true,
    refused("federated"),
  ],
  [
    "an account without a password stays out",
    { ...account, hasPassword: false },
    true,
    refused("no_password"),
  ],
  [
    "a federated and disabled account stays out",
    { ...account, federated: true, status: "disabled" },
    true,
    refused("federated"),
  ],
])("%s", (_, facts, passwordMatches, decision) => {
  expect(decideSignIn({ account: facts, passwordMatches })).toEqual(decision);
});
