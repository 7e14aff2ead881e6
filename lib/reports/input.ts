import * as z from "zod";
import { SearchText } from "#lib/core/search-text.ts";
import { ACCESS_STATES, type AccessStateName } from "#lib/policy/access-state.ts";

const STATES = Object.keys(ACCESS_STATES) as [AccessStateName, ...AccessStateName[]];

/** From an address bar: what makes no sense there is no wish. */
export const AccessFilters = z
  .object({
    kind: z.enum(["staff", "contact"]).optional().catch(undefined),
    state: z.enum(STATES).optional().catch(undefined),
    client: z.uuid().optional().catch(undefined),
    q: SearchText,
    /** The last person of the page before. */
    after: z.uuid().optional().catch(undefined),
  })
  .catch({ q: "" });

export type AccessFilters = z.output<typeof AccessFilters>;
