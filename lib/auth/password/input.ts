import * as z from "zod";

const MAX_IDENTIFIER = 254;

/** One string, never a list or an object (SEC28, INC28). */
export const Identifier = z
  .string("Enter your username or e-mail.")
  .max(MAX_IDENTIFIER, "This is too long for a username or an e-mail address.")
  .refine((text) => text.trim() !== "", "Enter your username or e-mail.");

/** Long passwords are refused before any hashing; the limit is counted in code points by the policy. */
const Password = z.string("Enter your password.").max(256, "This is longer than any password of the portal.");

export const SignInInput = z.object({
  identifier: Identifier,
  password: Password.min(1, "Enter your password."),
});

export const NewPasswordInput = z
  .object({
    newPassword: Password.min(1, "Enter a new password."),
    confirmPassword: z.string("Enter the new password again."),
  })
  .refine((input) => input.newPassword === input.confirmPassword, {
    path: ["confirmPassword"],
    message: "The two passwords do not match.",
  });
