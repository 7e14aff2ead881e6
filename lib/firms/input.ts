import * as z from "zod";

const DIGITS_WANTED = "Enter the 4 digits from the e-mail.";

export const RequestFirmLinkInput = z.object({
  firm: z
    .string("Enter the address of the other firm.")
    .trim()
    .min(1, "Enter the address of the other firm.")
    .max(254, "An address has at most 254 characters."),
});

/** The link and the digits of the mail that the other firm has sent (DEC9). */
export const ConfirmFirmLinkInput = z.object({
  token: z.string(),
  code: z
    .string(DIGITS_WANTED)
    .transform((typed) => typed.replace(/[\s-]/g, ""))
    .refine((digits) => /^[0-9]{4}$/.test(digits), DIGITS_WANTED),
});

export const UnlinkFirmInput = z.object({ firmId: z.uuid("This firm is not linked.") });

/** What one firm asks of another on behalf of somebody who has an account in both. */
export const OfferFirmLinkInput = z.object({
  email: z.string(),
  askingFirmId: z.uuid(),
  askingFirmName: z.string(),
});

export const RecordFirmLinkInput = z.object({
  memberId: z.uuid(),
  otherFirm: z.string(),
  what: z.enum(["linked", "unlinked"]),
});
