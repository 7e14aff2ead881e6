import * as z from "zod";
import { Identifier } from "#lib/auth/password/input.ts";

const MAX_WORDS = 200;

const words = (wanted: string) =>
  z
    .string(wanted)
    .transform((text) => text.trim())
    .refine((text) => text !== "", wanted)
    .refine((text) => text.length <= MAX_WORDS, `Say it in at most ${MAX_WORDS} characters.`)
    .refine((text) => !/\p{Cc}/u.test(text), "Write it in one line.");

export const HelpInput = z.object({
  identifier: Identifier,
  reachableAt: words("Say how your firm can reach you: a telephone number, or another address."),
});

const Request = { requestId: z.uuid("This request does not exist.") };

export const RequestInput = z.object(Request);

/** What the page showed to whoever says yes, so that nobody agrees to something else. */
export const ApprovalInput = z.object({
  ...Request,
  memberId: z.uuid("Look at the request again."),
  newEmailKey: z.string("Look at the request again."),
});

export const ProposalInput = z.object({
  ...Request,
  memberId: z.uuid("Choose whose account it is."),
  newEmail: z.string("Enter the new e-mail address."),
});

export const DeclineInput = z.object({
  ...Request,
  reason: words("Say why, for whoever looks at it later."),
});
