import * as z from "zod";
import { Identifier, NewPasswordInput } from "#lib/auth/password/input.ts";
import { emailKey } from "#lib/members/identifier.ts";

export const RecoveryInput = z.object({ identifier: Identifier });

const ADDRESS_WANTED = "Enter your e-mail address, such as name@example.com.";

/** The shape is judged and nothing else: an address that nobody has is as good as another (A6). */
export const UsernameInput = z.object({
  email: z.string(ADDRESS_WANTED).refine((text) => emailKey(text) !== undefined, ADDRESS_WANTED),
});

export const SendResetInput = z.object({ memberId: z.uuid("This person does not exist.") });

export const UndoResetInput = z.object({ emailId: z.uuid("There is no such e-mail.") });

export const CODE_WANTED = "Enter the 6-digit code from the e-mail.";

const SIX_DIGITS = /^[0-9]{6}$/;

/** Whether a code is to be typed again, before it is compared with any. */
export function isMistyped(code: string | undefined): boolean {
  return !SIX_DIGITS.test(code ?? "");
}

/** However it was grouped when typed or pasted. Whether it is six digits is judged with the password. */
const Code = z.string(CODE_WANTED).transform(ungrouped);

/** A firm may mail links without a code; whether this one has one is for the secret to say. */
export const CompleteResetInput = z
  .object({ token: z.string(), code: Code.optional() })
  .and(NewPasswordInput)
  // Where the password is not even there, nothing is judged: what is wrong with the code is said here, with it. It is looked
  // at as it was sent.
  .refine(({ code }) => typeof code !== "string" || !isMistyped(ungrouped(code)), {
    path: ["code"],
    error: CODE_WANTED,
    when: ({ issues }) => issues.length > 0,
  });

function ungrouped(typed: string): string {
  return typed.replace(/[\s-]/g, "");
}
