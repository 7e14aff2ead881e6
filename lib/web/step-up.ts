import "server-only";
import { describeStepUp } from "#lib/auth/step-up/describe-step-up.ts";
import { proveStepUp, type StepUpOutcome } from "#lib/auth/step-up/prove-step-up.ts";
import { DomainError, type StepUp } from "#lib/core/errors.ts";
import { requireContext } from "./context.ts";
import { setRotatedCookie } from "./cookies.ts";
import { STEP_UP_FIELDS, type StepUpAsked } from "./form-state.ts";

type Typed = Record<string, string | string[]>;

/** Parts a form from the proof that was typed in the middle of it, if there was one. */
export function takeProof(typed: Typed): { input: Typed; proof: Typed | undefined } {
  const input = { ...typed };
  const proof: Typed = {};
  for (const name of STEP_UP_FIELDS) {
    const value = input[name];
    delete input[name];
    if (value !== undefined && value !== "") proof[KINDS[name]] = value;
  }
  return { input, proof: Object.keys(proof).length > 0 ? proof : undefined };
}

const KINDS = { stepUpCode: "code", stepUpPassword: "password", stepUpPasskey: "passkey" } as const;

/** What the form asks for, with what the browser needs to ask for a passkey where the member has one. */
export async function questionFor(wanted: StepUp): Promise<StepUpAsked> {
  if (wanted !== "factor") return { wanted };
  const { passkey } = await describeStepUp(await requireContext());
  return { wanted, ...(passkey && { passkey }) };
}

/** Proves it for the caller's session. Throws invalid beside the field, and asks again. */
export async function confirmIdentity(proof: Typed): Promise<void> {
  const wanted = proof.password === undefined ? "factor" : "password";
  const outcome = await outcomeOf(proof, wanted);
  if (outcome.outcome === "proven") return setRotatedCookie(outcome.token);
  throw asksAgain(outcome.reason === "weaker" ? "factor" : wanted, SENTENCES[outcome.reason]);
}

async function outcomeOf(proof: Typed, wanted: "factor" | "password"): Promise<StepUpOutcome> {
  try {
    return await proveStepUp(await requireContext(), proof);
  } catch (error) {
    // What was typed is no code at all: said where the code is typed.
    const [said] = error instanceof DomainError ? Object.values(error.fieldErrors) : [];
    throw said?.[0] === undefined ? error : asksAgain(wanted, said[0]);
  }
}

function asksAgain(wanted: "factor" | "password", sentence: string): DomainError {
  const field = wanted === "password" ? "stepUpPassword" : "stepUpCode";
  return new DomainError("invalid", "This could not be confirmed. Please try again.", {
    fieldErrors: { [field]: [sentence] },
    stepUp: wanted,
  });
}

const SENTENCES = {
  wrong_password: "This is not your password.",
  wrong_factor: "This code is not right, or has been used. Wait for the next one.",
  locked: "Too many wrong tries from here. Sign out, and reset your password to go on.",
  weaker: "You have a second factor: confirm with that.",
};
