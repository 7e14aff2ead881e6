import * as z from "zod";

/** How long a token may be good, as its form offers it; the last one is the most that a program may ask for. */
export const LIFETIMES_IN_DAYS = [30, 90, 365] as const;
export const MAX_LIFETIME_IN_DAYS = 365;
export const USUAL_LIFETIME_IN_DAYS = 90;

/** How long the token before may go on working beside the new one. */
export const OVERLAPS_IN_HOURS = [0, 1, 24] as const;

const NOBODY = "This person does not exist.";
const DAYS_WANTED = `Choose from 1 to ${MAX_LIFETIME_IN_DAYS} days.`;
const OVERLAP_WANTED = "Choose at once, 1 hour or 24 hours.";

/** A whole number, from a form or from a program. */
const WholeNumber = (message: string) =>
  z.union(
    [
      z.int(),
      z
        .string()
        .trim()
        .regex(/^\d{1,4}$/)
        .transform(Number),
    ],
    message,
  );

export const GenerateApiTokenInput = z.object({
  /** Whose; the caller's own without it. */
  memberId: z.uuid(NOBODY).optional(),
  /** What it may do; all that its owner may without it. */
  scopes: z.array(z.string(), "Choose what the token may do.").optional(),
  expiresInDays: WholeNumber(DAYS_WANTED)
    .pipe(z.number().min(1, DAYS_WANTED).max(MAX_LIFETIME_IN_DAYS, DAYS_WANTED))
    .default(USUAL_LIFETIME_IN_DAYS),
  overlapHours: WholeNumber(OVERLAP_WANTED).pipe(z.literal(OVERLAPS_IN_HOURS, OVERLAP_WANTED)).default(0),
  /** The token that the caller saw as the current one, empty for none: pressed twice, it is generated once. */
  replaces: z.union([z.uuid(), z.literal("")]).optional(),
});

export const RevokeApiTokenInput = z.object({ tokenId: z.uuid("This API token does not exist.") });
