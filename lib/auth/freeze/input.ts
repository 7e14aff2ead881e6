import * as z from "zod";

const DIGITS_WANTED = "Enter the 4 digits from the e-mail.";

/** The link and the digits of a mail by which somebody else's change is stopped (DEC9). */
export const StopInput = z.object({
  token: z.string(),
  code: z
    .string(DIGITS_WANTED)
    .transform((typed) => typed.replace(/[\s-]/g, ""))
    .refine((digits) => /^[0-9]{4}$/.test(digits), DIGITS_WANTED),
});

export const UnfreezeInput = z.object({ memberId: z.uuid("This person does not exist.") });
