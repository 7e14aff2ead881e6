import * as z from "zod";

const MAX_REASON = 200;

const REASON_WANTED = "Say why, for whoever looks at it later.";

export const CODE_WANTED = "Enter the 6 digits from the e-mail.";

/** The link and the code of the mail by which somebody says that the second factors are lost (DEC9). */
export const ConfirmLossInput = z.object({
  token: z.string(),
  code: z
    .string(CODE_WANTED)
    .transform((typed) => typed.replace(/[\s-]/g, ""))
    .refine((digits) => /^[0-9]{6}$/.test(digits), CODE_WANTED),
});

const memberId = z.uuid("This person does not exist.");

export const StopResetInput = z.object({ memberId });

export const ResetFactorsInput = z.object({
  memberId,
  version: z.coerce.number().int().positive().optional().catch(undefined),
  reason: z
    .string(REASON_WANTED)
    .transform((text) => text.trim())
    .refine((text) => text !== "", REASON_WANTED)
    .refine((text) => text.length <= MAX_REASON, `Say it in at most ${MAX_REASON} characters.`)
    .refine((text) => !/\p{Cc}/u.test(text), "Write it in one line."),
});
