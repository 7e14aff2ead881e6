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

/** However it was grouped when typed or pasted. Whether it is six digits is judged with the password. */
const Code = z.string(CODE_WANTED).transform((typed) => typed.replace(/[\s-]/g, ""));

/** A firm may mail links without a code; whether this one has one is for the secret to say. */
export const CompleteResetInput = z
  .object({ token: z.string(), code: Code.optional() })
  .and(NewPasswordInput);
