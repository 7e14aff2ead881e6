import type { IncomingMessage, ServerResponse } from "node:http";
import { log } from "#lib/core/log.ts";

/** Tokens of mailed links are part of their path, and no secret goes into the log. */
const SECRET_IN_PATH =
  /^\/(reset-password|invitation|not-me|address-hold|lost-device|factor-hold|confirm-email|email-undo|firm-link|sso\/setup)\/.*/;

/** Writes a line once the answer is out, with how long it took. Assets of the pages have none. */
export function logWhenDone(requestId: string, request: IncomingMessage, response: ServerResponse): void {
  const startedAt = performance.now();
  if (request.url?.startsWith("/_next/")) return;
  const { url } = request;
  response.once("close", () => logAnswer(requestId, { request, url, startedAt }, response.statusCode));
}

/** `url` is the address as it came: on its way to the pages it may be changed. */
type Answered = { request: IncomingMessage; url: string | undefined; startedAt: number };

export function logAnswer(
  requestId: string,
  { request, url = "", startedAt }: Answered,
  status: number,
): void {
  const { method, headers } = request;
  const path = (url.split("?")[0] ?? "").replace(SECRET_IN_PATH, "/$1/*").slice(0, 200);
  const milliseconds = Math.round(performance.now() - startedAt);
  log().info({ requestId, method, host: headers.host, path, status, milliseconds }, "answered");
}
