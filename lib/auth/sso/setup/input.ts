import * as z from "zod";
import { SaveDraftInput } from "../connections/input.ts";

/** How long a set-up link may work, in minutes: from five to a week (G3). */
export const SETUP_LINK_MINUTES = [5, 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60] as const;

export const SendSetupLinkInput = z.object({
  connectionId: z.uuid("This connection does not exist."),
  toAddress: z.string("Enter an e-mail address.").trim().min(1, "Enter an e-mail address.").max(254),
  minutes: z.coerce
    .number("Choose how long it works.")
    .refine(
      (minutes) => (SETUP_LINK_MINUTES as readonly number[]).includes(minutes),
      "Choose how long it works.",
    ),
});

export const SetupLinkInput = z.object({ linkId: z.uuid("This link does not exist.") });

export const SetupToken = z.object({ token: z.string().max(100) });

export const SaveSetupInput = z.object({
  token: z.string().max(100),
  draft: SaveDraftInput,
});
