import "server-only";
import type { Context } from "#lib/core/context.ts";
import { DomainError, type ErrorCode, notFound } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { bearerContext, visitorContext } from "./context.ts";
import { requestStamp } from "./request.ts";

/** A REST endpoint of a firm: who asks, then the answer, or an RFC 9457 problem in the one error vocabulary. */
export function endpoint(handle: (ctx: Context, request: Request) => Promise<Response>) {
  return machineAnswer(async (request) => {
    const { tenant } = await requestStamp();
    if (!tenant) throw notFound("There is no firm at this address.");
    return handle(await callerOf(request), request);
  });
}

/** The same for programs alone: whatever cookies come along speak for nobody here. */
export function programEndpoint(handle: (ctx: Context, request: Request) => Promise<Response>) {
  return endpoint(async (_, request) => handle(await programOf(request), request));
}

async function programOf(request: Request): Promise<Context> {
  const { origin, ...ctx } = await bearerContext(bearerToken(request) ?? "");
  return { ...ctx, origin: { ...origin, device: undefined, program: true } };
}

/** Who a program speaks for: the session of its bearer token (RFC 6750), else the browser's cookie. Never both. */
async function callerOf(request: Request): Promise<Context> {
  const token = bearerToken(request);
  return token === undefined ? visitorContext() : bearerContext(token);
}

/** Undefined without an Authorization header; empty for one that holds no bearer token. */
function bearerToken(request: Request): string | undefined {
  const authorization = request.headers.get("authorization");
  if (authorization === null) return undefined;
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? "";
}

/**
 * The body of a request as JSON, said to be JSON: no page of another site can send that unasked. Throws invalid for
 * anything else.
 */
export async function jsonBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new DomainError("invalid", "The body of this request has to be of the type application/json.");
  }
  try {
    return await request.json();
  } catch {
    throw new DomainError("invalid", "The body of this request has to be JSON.");
  }
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
  if (status === 401) response.headers.set("www-authenticate", "Bearer");
  return response;
}

/** An answer in the form of RFC 9457; `more` are members of its own. */
export function problem(
  code: ErrorCode | "internal",
  status: number,
  detail: string,
  more: object = {},
): Response {
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
