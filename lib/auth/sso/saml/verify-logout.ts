import { after, MINUTE } from "#lib/core/clock.ts";
import type { SamlSettings } from "../configuration.ts";
import { requirePlacesOfLogout } from "./check-places.ts";
import { attributeOf, childrenNamed, onlyChild, optionalChild, textOf } from "./elements.ts";
import { SAML, SAMLP } from "./names.ts";
import { readPosted, type Xml } from "./read-xml.ts";
import { refuse } from "./refusal.ts";
import { verifiedQuery } from "./verify-query.ts";
import { type Pinned, verifiedElement } from "./verify-signature.ts";

/** A message about a logout as it came: in a form, or in the address. */
export type LogoutMessage = { posted: string } | { search: string; name: "SAMLRequest" | "SAMLResponse" };

export type VerifiedLogout =
  | { kind: "request"; id: string; subject: string; providerSessions: string[] }
  | { kind: "response" };

type Expected = { settings: SamlSettings; logoutUrl: string; now: Date };

/** A logout is sent when it happens; an older one may be somebody's copy. */
const OLDEST = 5 * MINUTE;
const SKEW = 3 * MINUTE;

/**
 * What a provider says of a logout: signed, by the same rules as an answer, or it is nothing (SEC80). A signature that stands
 * elsewhere in it, and covers something else, was let by elsewhere.
 * @see https://github.com/tngan/samlify/issues/634
 */
export function verifyLogout(message: LogoutMessage, { settings, logoutUrl, now }: Expected): VerifiedLogout {
  const root = verifiedRoot(message, { certificates: settings.certificates, now });
  if (attributeOf(root, "Version") !== "2.0") refuse("version");
  const issuer = optionalChild(root, SAML, "Issuer", "wrong_issuer");
  if (!issuer || textOf(issuer, "wrong_issuer").trim() !== settings.entityId) refuse("wrong_issuer");
  if (attributeOf(root, "Destination") !== logoutUrl) refuse("wrong_destination");
  requireRecent(root, now);
  return root.localName === "LogoutResponse" ? { kind: "response" } : requestIn(root);
}

function verifiedRoot(message: LogoutMessage, pinned: Pinned): Element {
  if ("search" in message) return placed(verifiedQuery(message.search, message.name, pinned)).root;
  const posted = placed(readPosted(message.posted));
  return verifiedElement(posted, posted.root, pinned).root;
}

function placed(xml: Xml): Xml {
  requirePlacesOfLogout(xml.root, "wrong_root");
  return xml;
}

function requireRecent(root: Element, now: Date): void {
  const issuedAt = new Date(attributeOf(root, "IssueInstant") ?? "");
  if (Number.isNaN(issuedAt.getTime())) refuse("bad_time");
  if (issuedAt > after(now, SKEW)) refuse("not_yet_valid");
  const until = attributeOf(root, "NotOnOrAfter");
  if (issuedAt < after(now, -OLDEST)) refuse("expired");
  if (until !== undefined && !(new Date(until) > after(now, -SKEW))) refuse("expired");
}

function requestIn(root: Element): VerifiedLogout {
  const subject = textOf(onlyChild(root, SAML, "NameID", "no_name_id"), "no_name_id");
  if (subject.trim() === "") refuse("no_name_id");
  const providerSessions = childrenNamed(root, SAMLP, "SessionIndex").map((index) =>
    textOf(index, "malformed"),
  );
  return { kind: "request", id: attributeOf(root, "ID") ?? refuse("bad_id"), subject, providerSessions };
}
