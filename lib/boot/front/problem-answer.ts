import type { ServerResponse } from "node:http";

/** What is said in front of the API's endpoints has the form that their own problems have (RFC 9457). */
export function problemAnswer(response: ServerResponse, status: number, title: string, detail: string): void {
  const code = CODES[status] ?? "invalid";
  const body = { type: `urn:portal:problem:${code}`, title: title.toLowerCase(), status, detail, code };
  jsonAnswer(response, status, "application/problem+json", body);
}

/** The same for directories, in the form of their protocol (RFC 7644 3.12). */
export function scimProblemAnswer(response: ServerResponse, status: number, detail: string): void {
  const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), detail };
  jsonAnswer(response, status, "application/scim+json", body);
}

function jsonAnswer(response: ServerResponse, status: number, type: string, body: object): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

const CODES: Readonly<Record<number, string>> = {
  403: "forbidden",
  411: "length_required",
  413: "too_large",
};
