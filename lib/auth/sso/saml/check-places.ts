import { allBelow, childrenNamed, isNamed } from "./elements.ts";
import { DS, SAML, SAMLP } from "./names.ts";
import { refuse, type SamlReason } from "./refusal.ts";

/** An assertion, or what one is encrypted in: the only two things that a sign-in is read from. */
const ASSERTIONS = new Set(["Assertion", "EncryptedAssertion"]);

/**
 * Where things may stand in an answer: one assertion, right below the root, and signatures right below what they sign. Looked
 * for by local name, whatever the namespace: wrapping attacks hide a second one where nobody looks (SEC73, INC16).
 */
export function requirePlacesOfResponse(root: Element): void {
  if (!isNamed(root, SAMLP, "Response")) refuse("wrong_root", root.localName);
  const below = allBelow(root);
  if (below.some(({ localName }) => localName === "Response")) refuse("misplaced_response");
  const assertions = below.filter(({ localName }) => ASSERTIONS.has(localName));
  if (assertions.length > 1) refuse("several_assertions", String(assertions.length));
  const [assertion] = assertions;
  if (assertion && !isChildOf(assertion, root)) refuse("misplaced_assertion");
  requireUniqueIds(root);
  requireSignaturesOf(root, assertion ? [root, assertion] : [root]);
}

function isChildOf(assertion: Element, root: Element): boolean {
  return assertion.parentNode === root && assertion.namespaceURI === SAML;
}

/** The same of an assertion that was encrypted. */
export function requirePlacesOfAssertion(root: Element): void {
  if (!isNamed(root, SAML, "Assertion")) refuse("not_decrypted");
  const others = allBelow(root).filter(({ localName }) => ASSERTIONS.has(localName));
  if (others.length > 0) refuse("several_assertions");
  requireUniqueIds(root);
  requireSignaturesOf(root, [root]);
}

/** The same of a request for logout, or the answer to one (SEC80). */
export function requirePlacesOfLogout(root: Element, otherwise: SamlReason): void {
  if (!isNamed(root, SAMLP, "LogoutRequest") && !isNamed(root, SAMLP, "LogoutResponse")) refuse(otherwise);
  if (allBelow(root).some(({ localName }) => localName.startsWith("Logout"))) refuse("misplaced_response");
  requireUniqueIds(root);
  requireSignaturesOf(root, [root]);
}

/** As xml-crypto and others look for them: a reference must lead to one element, whoever follows it. */
function requireUniqueIds(root: Element): void {
  const ids = [root, ...allBelow(root)].flatMap((element) =>
    Array.from(element.attributes)
      .filter(({ localName, name }) => (localName ?? name).toLowerCase() === "id")
      .map(({ value }) => value),
  );
  if (ids.some((id) => !/^[A-Za-z_][\w.-]{0,255}$/.test(id))) refuse("bad_id");
  if (new Set(ids).size !== ids.length) refuse("duplicate_id");
}

function requireSignaturesOf(root: Element, signers: Element[]): void {
  for (const element of allBelow(root)) {
    if (element.localName !== "Signature") continue;
    const isPlaced = element.namespaceURI === DS && signers.some((signer) => element.parentNode === signer);
    if (!isPlaced) refuse("misplaced_signature");
  }
  for (const signer of signers)
    if (childrenNamed(signer, DS, "Signature").length > 1) refuse("several_signatures");
}
