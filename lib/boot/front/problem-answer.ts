import type { ServerResponse } from "node:http";

/** What is said in front of the API's endpoints has the form that their own problems have (RFC 9457). */
export function problemAnswer(response: ServerResponse, status: number, title: string, detail: string): void {
  const code = CODES[status] ?? "invalid";
  const body = { type: `urn:portal:problem:${code}`, title: title.toLowerCase(), status, detail, code };
  response.writeHead(status, {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify(body));
}

const CODES: Readonly<Record<number, string>> = {
  403: "forbidden",
  411: "length_required",
  413: "too_large",
};
