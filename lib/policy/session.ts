import { HOUR, MINUTE } from "#lib/core/clock.ts";
import type { SecurityOptions } from "./security-options.ts";

export type SessionLimits = {
  /** From the last request. */
  idleMinutes: number;
  /** From sign-in, in milliseconds. */
  absolute: number;
};

/** A session that still owes something: long enough to do it (SEC36). */
const PENDING: SessionLimits = { idleMinutes: 15, absolute: 15 * MINUTE };

/** How long a session lives: as the firm says, or shorter where a member's own wait is (DEC7, SEC47, I3). */
export function sessionLimits(
  kind: "pending" | "full",
  { idleMinutes, sessionHours }: Pick<SecurityOptions, "idleMinutes" | "sessionHours">,
  ownIdleMinutes: number | null,
): SessionLimits {
  if (kind === "pending") return PENDING;
  return { idleMinutes: Math.min(idleMinutes, ownIdleMinutes ?? idleMinutes), absolute: sessionHours * HOUR };
}

/**
 * What somebody whose identity is proven may still owe before the portal opens, in the order in which it is done: what
 * proves comes before what changes.
 */
export const DUTIES = ["second_factor", "change_password", "enroll_second_factor"] as const;

export type Duty = (typeof DUTIES)[number];

/** Why a password has to be changed before anything else (C7). */
export const CHANGE_REASONS = ["temporary", "required", "expired", "breached", "rules_changed"] as const;

export type ChangeReason = (typeof CHANGE_REASONS)[number];
