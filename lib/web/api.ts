import "server-only";
import type { Context } from "#lib/core/context.ts";
import { DomainError, type ErrorCode, notFound } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { visitorContext } from "./context.ts";
import { requestStamp } from "./request.ts";

/** A REST endpoint of a firm: who asks, then the answer, or an RFC 9457 problem in the one error vocabulary. */
export function endpoint(handle: (ctx: Context, request: Request) => Promise<Response>) {
  return machineAnswer(async (request) => {
    const { tenant } = await requestStamp();
    if (!tenant) throw notFound("There is no firm at this address.");
    return handle(await visitorContext(), request);
  });
}

/** The same for what no firm is needed for. */
export function machineAnswer(handle: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    try {
      return await handle(request);
    } catch (error) {
      if (error instanceof DomainError) return problemOf(error);
      const { requestId } = await requestStamp();
      log().error({ requestId, err: error }, "endpoint failed");
      return problem("internal", 500, `Something went wrong. The number of this error is ${requestId}.`);
    }
  };
}

function problemOf(error: DomainError): Response {
  const { code, status, message, fieldErrors, retryAfterSeconds } = error;
  const response = problem(code, status, message, Object.keys(fieldErrors).length > 0 ? { fieldErrors } : {});
  if (retryAfterSeconds) response.headers.set("retry-after", String(retryAfterSeconds));
  return response;
}

function problem(code: ErrorCode | "internal", status: number, detail: string, more: object = {}): Response {
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
