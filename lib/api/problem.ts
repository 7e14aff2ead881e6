import type { Context } from "#lib/core/context.ts";
import { DomainError, type ErrorCode } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";

/** What only a request can get wrong, beside what use cases say. */
type ProblemCode = ErrorCode | "internal" | "method_not_allowed" | "too_large";

/** An answer in the form of RFC 9457; `more` are members of its own. */
export function problem(code: ProblemCode, status: number, detail: string, more: object = {}): Response {
  const body = {
    type: `urn:portal:problem:${code}`,
    title: code.replaceAll("_", " "),
    status,
    detail,
    code,
    ...more,
  };
  return Response.json(body, {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
  });
}

/** What a program is told of an error: what a use case says, else the number under which the log has the rest. */
export function problemOf(error: unknown, { requestId }: Pick<Context["origin"], "requestId">): Response {
  if (error instanceof DomainError) return saidBy(error);
  log().error({ requestId, err: error }, "endpoint failed");
  return problem("internal", 500, `Something went wrong. The number of this error is ${requestId}.`);
}

function saidBy(error: DomainError): Response {
  const { code, status, message, fieldErrors, retryAfterSeconds, stepUp } = error;
  const more = { ...(Object.keys(fieldErrors).length > 0 && { fieldErrors }), ...(stepUp && { stepUp }) };
  const response = problem(code, status, message, more);
  if (retryAfterSeconds) response.headers.set("retry-after", String(retryAfterSeconds));
  if (status === 401) response.headers.set("www-authenticate", "Bearer");
  return response;
}
