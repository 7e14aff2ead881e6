import "server-only";
import { DomainError } from "#lib/core/errors.ts";
import type { FormState } from "./form-state.ts";
import { confirmIdentity, questionFor, takeProof } from "./step-up.ts";

const SECRETS = new Set([
  ...["password", "newPassword", "confirmPassword", "currentPassword"],
  ...["code", "token", "signerKey", "passkey", "clientSecret"],
]);

/** A form's fields as they were sent. A repeated one stays a list, which no input schema takes (SEC28). */
export type Typed = Record<string, string | string[]>;

/**
 * Runs a use case on a form and makes a form state of what goes wrong: all errors beside their fields, what was typed
 * kept, secrets never. Anything but a DomainError passes, redirects among them.
 */
export async function submit(
  form: FormData,
  work: (input: Typed) => Promise<FormState | undefined>,
): Promise<FormState> {
  // A Server Action can be called with anything; only a form is one (INC2).
  if (!(form instanceof FormData)) return { message: "The form could not be read. Please reload the page." };
  const { input, proof } = takeProof(typedFields(form));
  try {
    if (proof) await confirmIdentity(proof);
    return (await work(input)) ?? {};
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { message, fieldErrors, version, stepUp } = error;
    const values = withoutSecrets(input);
    // Whoever has been shown what is saved now may save again.
    if (version !== undefined) values.version = String(version);
    return { message, fieldErrors, values, ...(stepUp && { stepUp: await questionFor(stepUp) }) };
  }
}

/** What may be shown again. */
export function withoutSecrets(typed: Typed): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(typed)) {
    if (typeof value === "string" && !SECRETS.has(name)) values[name] = value;
  }
  return values;
}

function typedFields(form: FormData): Typed {
  const typed: Typed = {};
  for (const name of new Set(form.keys())) {
    // Next's own fields tell which action this is.
    if (name.startsWith("$ACTION")) continue;
    const values = form.getAll(name).filter((value) => typeof value === "string");
    typed[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return typed;
}
