import type { Duty } from "./session.ts";

/** What is known once a name and a password have been typed. `account` is undefined for an unknown name. */
export type SignInFacts = {
  account:
    | {
        status: "enabled" | "disabled";
        federated: boolean;
        hasPassword: boolean;
        mustChangePassword: boolean;
      }
    | undefined;
  passwordMatches: boolean;
};

export type RefusalReason = "unknown_name" | "federated" | "no_password" | "wrong_password" | "disabled";

export type SignInDecision = { allow: true; duties: Duty[] } | { allow: false; reason: RefusalReason };

/** What comes of a sign-in by password. The reason is for the firm's audit log; the person hears one sentence for all. */
export function decideSignIn({ account, passwordMatches }: SignInFacts): SignInDecision {
  if (!account) return { allow: false, reason: "unknown_name" };
  if (account.federated) return { allow: false, reason: "federated" };
  if (!account.hasPassword) return { allow: false, reason: "no_password" };
  if (!passwordMatches) return { allow: false, reason: "wrong_password" };
  if (account.status === "disabled") return { allow: false, reason: "disabled" };
  return { allow: true, duties: account.mustChangePassword ? ["change_password"] : [] };
}
