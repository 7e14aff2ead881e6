import type { IncomingMessage, ServerResponse } from "node:http";
import { type Check, performCheck } from "#lib/api/checks/check.ts";
import { findCheck } from "#lib/api/checks/find-check.ts";
import type { PlainAnswer } from "#lib/api/plain-answer.ts";
import { plainProblemOf } from "#lib/api/problem.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { placeOfHost } from "#lib/tenancy/origin.ts";
import { visitorAt } from "#lib/tenancy/visitor-context.ts";
import { clientAddress } from "./client-address.ts";
import { countCheck } from "./count-checks.ts";
import { logAnswer } from "./log-answer.ts";
import { wholeBody } from "./request-body.ts";
import { requestHost } from "./request-gate.ts";
import { securityHeadersForPrograms } from "./security-headers.ts";

const BELOW = "/api/v1";

/**
 * Answers what other applications ask on each request of theirs, without the pages: by the very functions that the routes
 * of these addresses call (PERF1, PERF2). Says whether it did; what is unusual about a request is left to the long way.
 */
export async function answerCheck(
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { method } = request;
  const url = withoutEmptyQuery(request.url ?? "");
  const check = url.startsWith(BELOW) ? findCheck(url.slice(BELOW.length), method) : undefined;
  if (!check || (check.readsBody && !isPlainForm(request))) return false;
  const startedAt = performance.now();
  const answer = await answerOf(check, request, requestId);
  if (!answer) return false;
  send(response, requestId, answer);
  if (answer.status === 200) countCheck(url);
  else logAnswer(requestId, { request, url, startedAt }, answer.status);
  return true;
}

/** Caddy and others write the question mark of a query that is empty. What is in a query is refused the long way. */
function withoutEmptyQuery(url: string): string {
  return url.endsWith("?") ? url.slice(0, -1) : url;
}

/** Undefined where the host is no firm's, or the body is not as it says. */
async function answerOf(
  check: Check,
  request: IncomingMessage,
  requestId: string,
): Promise<PlainAnswer | undefined> {
  const host = requestHost(request);
  const place = host === undefined ? undefined : placeOfHost(host);
  if (!host || !place || "apex" in place) return undefined;
  try {
    const tenant = await findTenant(place.slug);
    const body = check.readsBody ? await wholeBody(request) : "";
    if (!tenant || body === undefined) return undefined;
    const { headers } = request;
    const ctx = visitorAt(tenant, { requestId, host, source: clientAddress(request) }, headers["user-agent"]);
    return await performCheck(check, { ctx, headers, body });
  } catch (error) {
    return plainProblemOf(asOverloadWhenDatabaseIsAway(error), { requestId });
  }
}

/** A program's short form. What a browser sends has an origin or cookies, and is judged the long way. */
function isPlainForm({ headers }: IncomingMessage): boolean {
  return (
    headers.cookie === undefined &&
    headers.origin === undefined &&
    headers["transfer-encoding"] === undefined &&
    Number(headers["content-length"] ?? 0) <= MOST_BYTES
  );
}

const MOST_BYTES = 16 * 1024;

function send(response: ServerResponse, requestId: string, { status, headers, body }: PlainAnswer): void {
  response.writeHead(status, {
    ...securityHeadersForPrograms(),
    "x-request-id": requestId,
    ...headers,
    "content-length": String(Buffer.byteLength(body)),
  });
  response.end(body);
}
