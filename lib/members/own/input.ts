import * as z from "zod";
import { emailKey } from "../identifier.ts";
import { ChangeMemberInput } from "../input.ts";

const { name, username, timeZone, version } = ChangeMemberInput.shape;

/** What is not sent stays as it is. */
export const ChangeOwnProfileInput = z.object({ name: name.optional(), username, timeZone, version });

export const RequestEmailChangeInput = z.object({
  newEmail: z
    .string("Enter the new e-mail address.")
    .trim()
    .max(254, "An address has at most 254 characters.")
    .refine(
      (typed) => emailKey(typed) !== undefined,
      "This is not an e-mail address that mail can be sent to.",
    ),
  /** From whoever has one. */
  currentPassword: z.string().max(256, "This is longer than any password of the portal.").optional(),
});
