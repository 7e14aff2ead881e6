import * as z from "zod";

/** As the protocol carries it; what it holds is read by the schema of its kind. */
const Sent = z.unknown();

const Id = z.string();

/** The If-Match of a request, where it has one. */
const Version = z.string().max(200).optional();

export const CreateResourceInput = z.object({ resource: Sent });
export const ReplaceResourceInput = z.object({ id: Id, resource: Sent, ifMatch: Version });
export const PatchResourceInput = z.object({ id: Id, patch: Sent, ifMatch: Version });
export const DeleteResourceInput = z.object({ id: Id, ifMatch: Version });

/** How long a token may be good, as its form offers it. */
export const TOKEN_LIFETIMES_IN_DAYS = [90, 180, 365] as const;
export const USUAL_TOKEN_LIFETIME_IN_DAYS = 180;

const NAME_LENGTH = 60;

export const GenerateScimTokenInput = z.object({
  connectionId: z.uuid("This connection does not exist."),
  name: z
    .string("Enter a name.")
    .trim()
    .min(1, "Enter a name.")
    .max(NAME_LENGTH, `A name has at most ${NAME_LENGTH} characters.`)
    .refine(
      (name) => !/[\p{Cc}\p{Cf}]/u.test(name),
      "A name stands on one line, without control characters.",
    ),
  expiresInDays: z.coerce
    .number()
    .pipe(z.literal(TOKEN_LIFETIMES_IN_DAYS, "Choose how long the token is good for.")),
});

export const RevokeScimTokenInput = z.object({ tokenId: z.uuid("This token does not exist.") });
