import * as z from "zod";
import { YEAR_IN_SECONDS } from "#lib/core/clock.ts";

export const ENFORCEMENT_SCOPES = ["staff", "everybody"] as const;

/** So far ahead it may be announced: what is later is a slip of the keyboard. */
export const LATEST_DAYS = YEAR_IN_SECONDS / 86_400;

const Scope = z.enum(ENFORCEMENT_SCOPES, "Choose for whom.");

export const EnforceSsoInput = z.object({
  scope: Scope,
  /** The first moment; "" for at once. */
  from: z.iso.datetime("Choose a day.").or(z.literal("")),
  /** How many people its list named: those who press the button have seen who they are. */
  people: z.coerce.number("Look at the list first.").int().min(0),
});

/** From an address bar: what makes no sense there is no wish. */
export const PreflightWish = z
  .object({
    scope: Scope.default("staff").catch("staff"),
    after: z.uuid().optional().catch(undefined),
    /** From when; now, unless it says so. */
    from: z.iso.datetime().optional().catch(undefined),
  })
  .catch({ scope: "staff", after: undefined, from: undefined });

export type EnforceSsoInput = z.output<typeof EnforceSsoInput>;
export type PreflightWish = z.output<typeof PreflightWish>;
