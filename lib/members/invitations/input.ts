import * as z from "zod";
import { SearchText } from "#lib/core/search-text.ts";

/** Where somebody's newest invitation stands. It is in exactly one of these. */
export const INVITATION_STATES = ["queued", "pending", "opened", "accepted", "expired", "revoked"] as const;

export type InvitationState = (typeof INVITATION_STATES)[number];

/** From an address bar: what makes no sense there is no wish. */
export const InvitationFilters = z
  .object({
    /** Without a wish the staff, or the contacts for whoever sees these alone. */
    kind: z.enum(["staff", "contact"]).optional().catch(undefined),
    q: SearchText,
    state: z.enum(INVITATION_STATES).optional().catch(undefined),
    /** The last person of the page before. */
    after: z.uuid().optional().catch(undefined),
  })
  .catch({ q: "" });

export type InvitationFilters = z.output<typeof InvitationFilters>;

export const InvitationInput = z.object({ memberId: z.uuid("This person does not exist.") });
