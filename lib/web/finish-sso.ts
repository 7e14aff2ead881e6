import "server-only";
import { cookies } from "next/headers";
import { pageOfDuty } from "#lib/auth/session/page-of-duty.ts";
import type { SsoOutcome } from "#lib/auth/sso/complete-sso-sign-in.ts";
import type { SsoRefusal } from "#lib/auth/sso/refuse-sso.ts";
import { COOKIE_ATTRIBUTES, COOKIES, setLastMethod, setSessionCookie } from "./cookies.ts";
import { localPath } from "./local-path.ts";

/**
 * What comes of a sign-in at an identity provider for the browser: its cookies, and the path of this host to go on to. What it
 * had kept for the way there goes by the answer that has used it up, and by no other (SEC64).
 */
export async function finishSso(outcome: SsoOutcome | SsoRefusal): Promise<string> {
  if (outcome.outcome === "refused") return refused(outcome);
  if (outcome.outcome === "tested") return testPage(outcome.connectionId, outcome.flowId);
  if (outcome.outcome === "link") {
    (await cookies()).set(COOKIES.ssoLink, outcome.linkToken, { ...COOKIE_ATTRIBUTES, maxAge: 15 * 60 });
    return `/sso/link?next=${encodeURIComponent(localPath(outcome.next))}`;
  }
  await setSessionCookie(outcome.session);
  const next = localPath(outcome.next);
  const [duty] = outcome.session.duties;
  if (duty) return `${pageOfDuty(duty)}?next=${encodeURIComponent(next)}`;
  await setLastMethod("sso");
  return next;
}

function refused(outcome: Extract<SsoOutcome | SsoRefusal, { outcome: "refused" }>): string {
  if ("testId" in outcome && outcome.testId) return testPage(outcome.connectionId, outcome.testId);
  return `/sso/failed?why=${WHY[outcome.reason] ?? "unverified"}`;
}

function testPage(connectionId: string, flowId: string): string {
  return `/settings/sso/${connectionId}/test/${flowId}`;
}

/** What the person may read of it; the firm's audit log has the reason itself. */
const WHY: Record<string, string> = {
  sign_in_over: "over",
  no_sign_in_begun: "over",
  not_known_here: "not_admitted",
  no_group: "not_admitted",
  unsolicited_stranger: "not_admitted",
  disabled: "not_admitted",
  frozen: "not_admitted",
  locked: "locked",
  rate_limited: "busy",
  cancelled: "cancelled",
  token_endpoint_unavailable: "away",
  key_set_unavailable: "away",
  userinfo_unavailable: "away",
  connection_not_live: "not_offered",
  configuration_not_serving: "not_offered",
  unsolicited: "not_offered",
};
