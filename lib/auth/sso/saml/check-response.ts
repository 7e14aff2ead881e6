import type { Expected } from "./check-assertion.ts";
import { attributeOf, childrenOf, onlyChild, optionalChild, textOf } from "./elements.ts";
import { SAML, SAMLP, SUCCESS } from "./names.ts";
import { refuse } from "./refusal.ts";

/** What the answer itself says: from this provider, to this address, to this request, that all is well (SEC76). */
export function checkResponse(response: Element, { provider, acsUrl, requestId }: Expected): void {
  if (attributeOf(response, "Version") !== "2.0") refuse("version");
  const issuer = optionalChild(response, SAML, "Issuer", "wrong_issuer");
  if (!issuer || textOf(issuer, "wrong_issuer").trim() !== provider) refuse("wrong_issuer");
  if (attributeOf(response, "Destination") !== acsUrl) refuse("wrong_destination");
  requireSuccess(onlyChild(response, SAMLP, "Status", "status_not_success"));
  if (attributeOf(response, "InResponseTo") !== requestId) refuse("wrong_request");
}

function requireSuccess(status: Element): void {
  const code = onlyChild(status, SAMLP, "StatusCode", "status_not_success");
  if (attributeOf(code, "Value") === SUCCESS) return;
  const [inner] = childrenOf(code);
  refuse(
    "status_not_success",
    knownStatus((inner && attributeOf(inner, "Value")) ?? attributeOf(code, "Value")),
  );
}

/** The names that SAML gives to what may go wrong (Core 3.2.2.2). Anything else is the provider's own words. */
function knownStatus(value = ""): string | undefined {
  return /^urn:oasis:names:tc:SAML:2\.0:status:([A-Za-z]{1,40})$/.exec(value)?.[1];
}
