import * as z from "zod";
import { Identifier, NewPasswordInput } from "#lib/auth/password/input.ts";

export const RecoveryInput = z.object({ identifier: Identifier });

export const SendResetInput = z.object({ memberId: z.uuid("This person does not exist.") });

/** Six digits, however they were grouped when typed or pasted. */
const Code = z
  .string("Enter the 6-digit code from the e-mail.")
  .transform((typed) => typed.replace(/[\s-]/g, ""))
  .refine((digits) => /^[0-9]{6}$/.test(digits), "Enter the 6-digit code from the e-mail.");

export const CompleteResetInput = z.object({ token: z.string(), code: Code }).and(NewPasswordInput);
