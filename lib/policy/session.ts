import { HOUR, MINUTE } from "#lib/core/clock.ts";

/** How long a session lives (DEC7, SEC47). `idleMinutes` counts from the last request, `absolute` from sign-in. */
export const SESSION_LIMITS = {
  full: { idleMinutes: 60, absolute: 24 * HOUR },
  pending: { idleMinutes: 15, absolute: 15 * MINUTE },
} as const;

/** What somebody whose identity is proven still owes before the portal opens. */
export const DUTIES = ["change_password"] as const;

export type Duty = (typeof DUTIES)[number];

/** Why a password has to be changed before anything else (C7). */
export const CHANGE_REASONS = ["temporary", "required", "expired", "breached", "rules_changed"] as const;

export type ChangeReason = (typeof CHANGE_REASONS)[number];
