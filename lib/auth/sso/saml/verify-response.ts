import type { SamlSettings } from "../configuration.ts";
import { checkAssertion, type Expected } from "./check-assertion.ts";
import { requirePlacesOfAssertion, requirePlacesOfResponse } from "./check-places.ts";
import { checkResponse } from "./check-response.ts";
import { decryptAssertion } from "./decrypt-assertion.ts";
import { childrenOf, isNamed } from "./elements.ts";
import { SAML } from "./names.ts";
import { type ReadAssertion, readAssertion } from "./read-assertion.ts";
import { readXml, type Xml } from "./read-xml.ts";
import { refuse, SamlRefusal } from "./refusal.ts";
import { signatureOf, verifiedElement } from "./verify-signature.ts";

export type Expectations = Expected & {
  settings: SamlSettings;
  /** Our own key, for what was encrypted for us. Asked for only then. */
  privateKey: () => string;
};

/**
 * What an answer of a provider vouches for, once everything about it has been checked (SEC73-SEC79). The answer, or the assertion
 * in it, is signed by a pinned certificate, and whatever else bears a signature bears a right one; from there on only what
 * the signature covers is looked at. Throws SamlRefusal with the reason.
 */
export function verifyResponse(answer: Xml, expected: Expectations): ReadAssertion {
  requirePlacesOfResponse(answer.root);
  // Before signatures: providers do not sign what went wrong, and nothing comes of it either way.
  checkResponse(answer.root, expected);
  const found = assertionIn(answer.root) ?? refuse("no_assertion");
  const pinned = { certificates: expected.settings.certificates, now: expected.now };
  const response = signatureOf(answer.root) ? verifiedElement(answer, answer.root, pinned) : undefined;
  const assertion = assertionOf({ answer, found, response }, { ...expected, pinned });
  checkAssertion(assertion, expected);
  return readAssertion(assertion, expected.settings.claims);
}

type Keys = Expectations & { pinned: { certificates: string[]; now: Date } };

type Parts = {
  answer: Xml;
  /** The assertion, or what it is encrypted in, as it came. */
  found: Element;
  /** What the answer's own signature covers, where it has one. */
  response: Xml | undefined;
};

/** The assertion within verified bytes: those of its own signature, or else of the answer's. */
function assertionOf({ answer, found, response }: Parts, keys: Keys): Element {
  const covered = response && assertionIn(response.root);
  // Of what is encrypted, the cipher text that a signature covers is the one that is opened.
  if (isNamed(found, SAML, "EncryptedAssertion")) {
    return openedAssertion(covered ?? found, covered !== undefined, keys);
  }
  if (keys.settings.requireEncryption) refuse("not_encrypted");
  if (signatureOf(found)) return verifiedElement(answer, found, keys.pinned).root;
  return covered ?? refuse("unsigned");
}

function openedAssertion(encrypted: Element, isVouchedFor: boolean, keys: Keys): Element {
  const opened = readOpened(decryptAssertion(encrypted, keys.privateKey()));
  if (signatureOf(opened.root)) return verifiedElement(opened, opened.root, keys.pinned).root;
  return isVouchedFor ? opened.root : refuse("unsigned");
}

function readOpened(text: string): Xml {
  try {
    const opened = readXml(text);
    requirePlacesOfAssertion(opened.root);
    return opened;
  } catch (error) {
    // What a changed cipher text opens to must not be told from what does not open at all.
    throw error instanceof SamlRefusal ? new SamlRefusal("not_decrypted", error.reason) : error;
  }
}

function assertionIn(response: Element): Element | undefined {
  return childrenOf(response).find((child) => /^(?:Encrypted)?Assertion$/.test(child.localName));
}
