import type { Context } from "#lib/core/context.ts";
import { DomainError, type ErrorCode } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { type PlainAnswer, responseOf } from "./plain-answer.ts";

/** What only a request can get wrong, beside what use cases say. */
type ProblemCode = ErrorCode | "internal" | "method_not_allowed" | "too_large";

/** An answer in the form of RFC 9457; `more` are members of its own. */
export function problem(code: ProblemCode, status: number, detail: string, more: object = {}): Response {
  return responseOf(plainProblem(code, status, detail, more));
}

/** What a program is told of an error: what a use case says, else the number under which the log has the rest. */
export function problemOf(error: unknown, origin: Pick<Context["origin"], "requestId">): Response {
  return responseOf(plainProblemOf(error, origin));
}

export function plainProblem(
  code: ProblemCode,
  status: number,
  detail: string,
  more: object = {},
): PlainAnswer {
  const title = code.replaceAll("_", " ");
  const body = { type: `urn:portal:problem:${code}`, title, status, detail, code, ...more };
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return { status, headers, body: JSON.stringify(body) };
}

export function plainProblemOf(
  error: unknown,
  { requestId }: Pick<Context["origin"], "requestId">,
): PlainAnswer {
  if (error instanceof DomainError) return saidBy(error);
  log().error({ requestId, err: error }, "endpoint failed");
  return plainProblem("internal", 500, `Something went wrong. The number of this error is ${requestId}.`);
}

function saidBy(error: DomainError): PlainAnswer {
  const { code, status, message, fieldErrors, retryAfterSeconds, stepUp } = error;
  const more = { ...(Object.keys(fieldErrors).length > 0 && { fieldErrors }), ...(stepUp && { stepUp }) };
  const answer = plainProblem(code, status, message, more);
  if (retryAfterSeconds) answer.headers["retry-after"] = String(retryAfterSeconds);
  if (status === 401) answer.headers["www-authenticate"] = "Bearer";
  return answer;
}
