import * as z from "zod";
import { FactorCode } from "#lib/auth/mfa/input.ts";
import { PasskeyAssertion } from "#lib/auth/passkey/input.ts";

/** One proof of several kinds: a code, the password, or the answer of a passkey as the browser gives it. */
export const StepUpInput = z
  .object({
    code: FactorCode.optional(),
    password: z.string("Enter your password.").max(256, "This is longer than any password.").optional(),
    passkey: PasskeyAssertion.optional(),
  })
  .refine(({ code, password, passkey }) => [code, password, passkey].filter(Boolean).length === 1, {
    path: ["code"],
    message: "Enter the code.",
  });

export type StepUpInput = z.output<typeof StepUpInput>;
