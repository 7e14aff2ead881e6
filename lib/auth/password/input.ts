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

/** Whether both are alike is judged with all else that a new password has to be, so that everything is said at once. */
export const NewPasswordInput = z.object({
  newPassword: Password.min(1, "Enter a new password."),
  confirmPassword: z.string("Enter the new password again."),
});

export type NewPassword = z.output<typeof NewPasswordInput>;

/** What becomes of the other sessions when somebody changes the own password (C9). */
export const OTHER_SESSIONS = ["sign_out", "keep"] as const;

export const ChangeOwnPasswordInput = z.object({
  currentPassword: Password.min(1, "Enter the password that you have now."),
  ...NewPasswordInput.shape,
  otherSessions: z.enum(OTHER_SESSIONS, "Choose what stays signed in.").default("sign_out"),
});

/** `tick` is the box without which nothing is set: a password that a browser filled in by itself does not count. */
export const SetPasswordInput = NewPasswordInput.extend({
  memberId: z.uuid("This person does not exist."),
  tick: z.literal("on", "Tick “Reset Password” to set a new one."),
});
