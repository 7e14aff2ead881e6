import type { Proof } from "#lib/policy/second-factor.ts";
import type { SignInMethod } from "./start-session.ts";

type Begun = { method: SignInMethod; proofs: readonly string[] };

/** What made a sign-in safer than its method alone: a second factor, or a browser in which one was proven before. */
export const FACTORS = ["passkey", "totp", "recovery_code", "provider_factor", "remembered_device"] as const;

export type Factor = (typeof FACTORS)[number] & Proof;

/** The second factor of a session, the last one proven; undefined where there was none. */
export function factorOf({ method, proofs }: Begun): Factor | undefined {
  const factors = FACTORS.filter((factor) => proofs.includes(factor) && factor !== method);
  return factors.toSorted((one, other) => proofs.lastIndexOf(other) - proofs.lastIndexOf(one))[0];
}

/** How somebody signed in, in words: "Password and authenticator app". */
export function howProven(begun: Begun): string {
  const factor = factorOf(begun);
  const temporary = begun.proofs.includes("temporary_password");
  const method = temporary ? "Temporary password" : METHODS[begun.method];
  return factor ? `${method} ${WITH[factor]}` : method;
}

const METHODS: Record<SignInMethod, string> = {
  password: "Password",
  passkey: "Passkey",
  sso: "Company sign-in (SSO)",
};

const WITH: Record<Factor, string> = {
  passkey: "and passkey",
  totp: "and authenticator app",
  recovery_code: "and recovery code",
  provider_factor: "and its second factor",
  remembered_device: "in a remembered browser",
};
