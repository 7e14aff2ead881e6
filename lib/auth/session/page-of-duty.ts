import type { Duty } from "#lib/policy/session.ts";

/** Where a duty is done. */
export function pageOfDuty(duty: Duty | undefined) {
  return duty === undefined ? "/sign-in" : PAGES[duty];
}

const PAGES = {
  second_factor: "/second-factor",
  change_password: "/change-password",
  enroll_second_factor: "/second-factor/enroll",
} as const satisfies Record<Duty, string>;
