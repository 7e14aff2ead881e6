import { after, MINUTE } from "#lib/core/clock.ts";
import {
  attributeOf,
  childrenNamed,
  childrenOf,
  isNamed,
  onlyChild,
  optionalChild,
  textOf,
} from "./elements.ts";
import { BEARER, SAML } from "./names.ts";
import { refuse, SamlRefusal } from "./refusal.ts";

export type Expected = {
  /** The provider's entityID. */
  provider: string;
  /** Ours, of this connection and no other. */
  audience: string;
  acsUrl: string;
  /** Of the request that this browser has sent; none for an answer that nobody asked for. */
  requestId: string | undefined;
  now: Date;
};

/** How far the provider's clock may be from ours (SEC76). */
const SKEW = 3 * MINUTE;

/** How long after it was issued an assertion is taken, whatever it says of itself. */
export const ASSERTION_LASTS = 10 * MINUTE;

/** Entra ID gives its assertions an hour and five minutes. What says more than that was made to be kept. */
const MAY_SAY_IT_LASTS = 70 * MINUTE;

/** Until when an assertion could be brought again. */
export function couldBeReplayedUntil(now: Date): Date {
  return after(now, ASSERTION_LASTS + 2 * SKEW);
}

/** Whether what is signed was issued by this provider, now, for us, for this very sign-in (SEC76). */
export function checkAssertion(assertion: Element, expected: Expected): void {
  if (attributeOf(assertion, "Version") !== "2.0") refuse("version");
  const issuer = optionalChild(assertion, SAML, "Issuer", "wrong_issuer");
  if (!issuer || textOf(issuer, "wrong_issuer").trim() !== expected.provider) refuse("wrong_issuer");
  const issuedAt = timeOf(assertion, "IssueInstant") ?? refuse("bad_time");
  if (issuedAt > after(expected.now, SKEW)) refuse("not_yet_valid");
  if (expected.now >= after(issuedAt, ASSERTION_LASTS + SKEW)) refuse("expired");
  const subject = onlyChild(assertion, SAML, "Subject", "no_subject");
  checkQualifiers(subject, expected);
  checkConfirmation(subject, issuedAt, expected);
  checkConditions(assertion, expected);
  const statement = onlyChild(assertion, SAML, "AuthnStatement", "no_authn_statement");
  requireWindow({ until: timeOf(statement, "SessionNotOnOrAfter") }, expected.now);
}

/** Whose name it is: this provider's for us, where it says so. Another one's may be the same letters (Core 2.2.2). */
function checkQualifiers(subject: Element, { provider, audience }: Expected): void {
  const name = optionalChild(subject, SAML, "NameID", "no_name_id");
  if (!name) return;
  const by = attributeOf(name, "NameQualifier") || provider;
  const forWhom = attributeOf(name, "SPNameQualifier") || audience;
  if (by !== provider || forWhom !== audience) refuse("foreign_name_id");
}

/** Whoever bears it may use it, at this address, soon, and for this request (Profiles 4.1.4.2). */
function checkConfirmation(subject: Element, issuedAt: Date, { acsUrl, requestId, now }: Expected): void {
  const [confirmation, second] = childrenNamed(subject, SAML, "SubjectConfirmation");
  if (second) refuse("several_confirmations");
  if (!confirmation) throw new SamlRefusal("not_bearer");
  if (attributeOf(confirmation, "Method") !== BEARER) refuse("not_bearer");
  const data = onlyChild(confirmation, SAML, "SubjectConfirmationData", "not_bearer");
  if (attributeOf(data, "Recipient") !== acsUrl) refuse("wrong_recipient");
  if (attributeOf(data, "InResponseTo") !== requestId) refuse("wrong_request");
  const until = timeOf(data, "NotOnOrAfter") ?? refuse("no_expiry");
  if (until > after(issuedAt, MAY_SAY_IT_LASTS)) refuse("lives_too_long");
  requireWindow({ from: timeOf(data, "NotBefore"), until }, now);
}

/** Conditions that nobody here knows are conditions that nobody here has met (Core 2.5.1.1). */
const HARMLESS = new Set(["OneTimeUse", "ProxyRestriction"]);

function checkConditions(assertion: Element, { audience, now }: Expected): void {
  const conditions = onlyChild(assertion, SAML, "Conditions", "no_conditions");
  requireWindow({ from: timeOf(conditions, "NotBefore"), until: timeOf(conditions, "NotOnOrAfter") }, now);
  const restrictions = childrenNamed(conditions, SAML, "AudienceRestriction");
  const others = childrenOf(conditions).filter((condition) => !restrictions.includes(condition));
  if (others.some((other) => !HARMLESS.has(other.localName) || !isNamed(other, SAML, other.localName)))
    refuse("unknown_condition");
  // Each restriction has to hold; of the audiences in one, any.
  const holds = (restriction: Element) => audiencesOf(restriction).includes(audience);
  if (restrictions.length === 0 || !restrictions.every(holds)) refuse("wrong_audience");
}

function audiencesOf(restriction: Element): string[] {
  return childrenNamed(restriction, SAML, "Audience").map((element) =>
    textOf(element, "wrong_audience").trim(),
  );
}

function requireWindow({ from, until }: { from?: Date; until?: Date }, now: Date): void {
  if (from && from > after(now, SKEW)) refuse("not_yet_valid");
  if (until && until <= after(now, -SKEW)) refuse("expired");
}

/** Times of SAML are in UTC, and say so (Core 1.3.3). */
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|\+00:00)$/;

function timeOf(element: Element, name: string): Date | undefined {
  const text = attributeOf(element, name);
  if (text === undefined) return undefined;
  const time = new Date(text.replace(/(\.\d{3})\d+/, "$1"));
  return UTC.test(text) && !Number.isNaN(time.getTime()) ? time : refuse("bad_time");
}
