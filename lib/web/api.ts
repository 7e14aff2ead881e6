import "server-only";
import type { Context } from "#lib/core/context.ts";
import { DomainError, type ErrorCode } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { visitorContext } from "./context.ts";
import { requestStamp } from "./request.ts";

/** A REST endpoint: who asks, then the answer, or an RFC 9457 problem in the one error vocabulary. */
export function endpoint(handle: (ctx: Context, request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    const stamp = await requestStamp();
    if (!stamp.tenant) return problem("not_found", 404, "There is no portal here.");
    try {
      return await handle(await visitorContext(), request);
    } catch (error) {
      if (error instanceof DomainError) return problemOf(error);
      log().error({ requestId: stamp.requestId, err: error }, "endpoint failed");
      return problem(
        "internal",
        500,
        `Something went wrong. The number of this error is ${stamp.requestId}.`,
      );
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
