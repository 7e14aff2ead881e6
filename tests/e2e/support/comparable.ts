import { type Answer, setCookies } from "./http.ts";

const RANDOM = new Set(["x-request-id", "date", "content-length", "etag"]);

/**
 * What two answers must have in common: status, headers, cookies and body, but for what is random, what was typed, and
 * the mask of an address.
 */
export function comparable(answer: Answer, ...typed: string[]) {
  const headers = Object.entries(answer.headers).filter(([key]) => !RANDOM.has(key));
  const [, nonce] = /'nonce-([^']+)'/.exec(String(answer.headers["content-security-policy"])) ?? [];
  const same = (text: string) =>
    typed
      .reduce((rest, word) => rest.replaceAll(word, "TYPED"), nonce ? text.replaceAll(nonce, "NONCE") : text)
      .replaceAll(/\w\*\*\*@\w\*\*\*\.\w+/g, "MASK");
  return {
    status: answer.status,
    headers: headers.map(([key, value]) => [key, same(String(value))]),
    cookies: setCookies(answer).map(same),
    body: same(answer.body),
  };
}
