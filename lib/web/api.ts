import "server-only";
import { type Asked, answer } from "#lib/api/answer.ts";
import { asProgram } from "#lib/api/checks/caller.ts";
import { type Check, performCheck } from "#lib/api/checks/check.ts";
import { findCheck } from "#lib/api/checks/find-check.ts";
import { responseOf } from "#lib/api/plain-answer.ts";
import { problemOf } from "#lib/api/problem.ts";
import { operationsAt } from "#lib/api/registry.ts";
import { bearerTokenIn } from "#lib/auth/session/authenticate-caller.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { readStamp, STAMP_HEADER } from "#lib/tenancy/request-stamp.ts";
import { visitorAt } from "#lib/tenancy/visitor-context.ts";
import { bearerContext, visitorContext } from "./context.ts";
import { requestStamp } from "./request.ts";

type Handler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;

/**
 * The handlers of an address of the REST API, by its path below /api/v1 as the registry names it. Methods that it does
 * not have are answered too: by a problem that says which there are.
 */
export function endpoint(path: string): Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Handler> {
  const operations = operationsAt(path);
  const programsOnly = ({ method }: Request) =>
    operations.some((operation) => operation.method === method && operation.programsOnly);
  const handle: Handler = async (request, route) => {
    const check = new URL(request.url).search === "" && findCheck(path, request.method);
    if (check) return checkAnswer(check, request);
    return firmAnswer(programsOnly(request) ? programOf : callerOf, request, async (ctx) =>
      answer(operations, { ctx, request, params: await route.params }),
    );
  };
  return { GET: handle, POST: handle, PUT: handle, PATCH: handle, DELETE: handle };
}

/** What a firm's host answers to whoever asks, in problems where anything goes wrong. */
export function openEndpoint(handle: (asked: Omit<Asked, "params">) => Promise<Response>): Handler {
  return (request) => firmAnswer(visitorContext, request, (ctx) => handle({ ctx, request }));
}

/** What the server in front answers by itself, where a request has come past it. */
async function checkAnswer(check: Check, request: Request): Promise<Response> {
  const stamp = readStamp(request.headers.get(STAMP_HEADER));
  if (!stamp?.tenant) return problemOf(notFound(NO_FIRM), { requestId: stamp?.requestId ?? "" });
  const { tenant, host, requestId, source } = stamp;
  const headers = Object.fromEntries(request.headers);
  const ctx = visitorAt(tenant, { host, requestId, source }, headers["user-agent"]);
  try {
    return responseOf(await performCheck(check, { ctx, headers, body: await request.text() }));
  } catch (error) {
    // A body that breaks off on its way.
    return problemOf(error, { requestId });
  }
}

const NO_FIRM = "There is no firm at this address.";

function firmAnswer(
  who: (request: Request) => Promise<Context>,
  request: Request,
  handle: (ctx: Context) => Promise<Response>,
): Promise<Response> {
  return machineAnswer(async () => {
    const { tenant } = await requestStamp();
    if (!tenant) throw notFound(NO_FIRM);
    return handle(await who(request));
  })(request);
}

/** Who a program speaks for, and nobody else: whatever cookies come along count for nothing. */
async function programOf(request: Request): Promise<Context> {
  return asProgram(await bearerContext(bearerToken(request) ?? ""));
}

/** Who a program speaks for: the session of its bearer token (RFC 6750), else the browser's cookie. Never both. */
async function callerOf(request: Request): Promise<Context> {
  const token = bearerToken(request);
  return token === undefined ? visitorContext() : bearerContext(token);
}

/** Undefined without an Authorization header; empty for one that holds no bearer token. */
export function bearerToken(request: Request): string | undefined {
  return bearerTokenIn(request.headers.get("authorization") ?? undefined);
}

/** For what no firm is needed for. */
export function machineAnswer(handle: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    try {
      return await handle(request);
    } catch (error) {
      return problemOf(error, await requestStamp());
    }
  };
}
