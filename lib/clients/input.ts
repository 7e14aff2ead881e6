import * as z from "zod";
import { SearchText } from "#lib/core/search-text.ts";

const NAME_LENGTH = 120;

const Name = z
  .string("Enter a name.")
  .trim()
  .min(1, "Enter a name.")
  .max(NAME_LENGTH, `A name has at most ${NAME_LENGTH} characters.`)
  .refine((name) => !/[\p{Cc}\p{Cf}]/u.test(name), "A name stands on one line, without control characters.");

const ClientId = z.uuid("This client does not exist.");

/** The version of what the page showed; nothing of it where nobody looked before (E6). */
const Version = z
  .union([z.literal("").transform(() => undefined), z.coerce.number().int().positive()])
  .optional()
  .catch(undefined);

export const CreateClientInput = z.object({ name: Name });

export const ChangeClientInput = z.object({ clientId: ClientId, name: Name, version: Version });

export const ClientInput = z.object({ clientId: ClientId });

export const DeleteClientInput = ClientInput.extend({ version: Version });

export const ClientPersonInput = z.object({ clientId: ClientId, memberId: z.uuid("Choose a person.") });

/** From an address bar: what makes no sense there is no wish. */
export const ClientsWish = z
  .object({
    q: SearchText,
    /** The last client of the page before. */
    after: z.uuid().optional().catch(undefined),
    sort: z.enum(["name", "created"]).catch("name"),
    /** Only those that the reader is assigned to. */
    assigned: z.literal("me").optional().catch(undefined),
    state: z.literal("deleted").optional().catch(undefined),
  })
  .catch({ q: "", sort: "name" });

export type ClientsWish = z.output<typeof ClientsWish>;

/** Who of the firm is looked for, to be added to a client. */
export const CandidateWish = z.object({
  clientId: z.string().catch(""),
  q: SearchText,
});

export const ContactsWish = z.object({
  clientId: z.string().catch(""),
  q: SearchText,
  after: z.uuid().optional().catch(undefined),
});
