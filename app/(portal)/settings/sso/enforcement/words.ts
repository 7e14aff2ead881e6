import type { SsoEnforcement } from "#lib/policy/sso-enforcement.ts";

/** For whom SSO is the only way in, as a sentence goes on with it. */
export const SCOPES: Record<SsoEnforcement["scope"], string> = {
  staff: "the staff",
  everybody: "everybody",
};

/** What has just been done. */
export const DONE: Record<string, string> = {
  enforced: "SSO is required. Whoever loses access by it has been sent an e-mail.",
  lifted: "SSO is not required any more. Everybody comes in as before, at once.",
  proposed: "It is proposed. Another administrator has a day to arm it.",
  armed: "It is armed. All administrators have been sent an e-mail.",
  ended: "It is ended, and opens nothing any more.",
};
