import { readRedirected, type Xml } from "./read-xml.ts";
import { refuse } from "./refusal.ts";
import { SIGNATURES } from "./signature-algorithms.ts";
import { firstThatHolds, type Pinned } from "./verify-signature.ts";

type Parts = Map<string, string>;

/**
 * A message that came in the address, whose signature stands beside it and covers the very characters that were sent (Bindings
 * 3.4.4.1). Each part is there once, or it is refused: two readers could take another one each.
 */
export function verifiedQuery(search: string, name: "SAMLRequest" | "SAMLResponse", pinned: Pinned): Xml {
  const parts = partsOf(search);
  const message = parts.get(name) ?? refuse("malformed");
  const algorithm = parts.get("SigAlg");
  const signature = parts.get("Signature");
  if (algorithm === undefined || signature === undefined) return refuse("unsigned");
  const Algorithm = SIGNATURES.get(decoded(algorithm)) ?? refuse("signature_algorithm");
  const covered = [name, "RelayState", "SigAlg"].filter((part) => parts.has(part));
  const material = covered.map((part) => `${part}=${parts.get(part)}`).join("&");
  firstThatHolds(pinned, (key) =>
    new Algorithm().verifySignature(material, key as never, decoded(signature)) ? true : undefined,
  );
  return readRedirected(decoded(message));
}

/** As they were sent, not decoded. */
function partsOf(search: string): Parts {
  const pairs = search.replace(/^\?/, "").split("&").filter(Boolean);
  const parts: Parts = new Map(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decoded(name), value.join("=")];
    }),
  );
  return parts.size === pairs.length ? parts : refuse("malformed");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll("+", "%20"));
  } catch {
    return refuse("malformed");
  }
}
