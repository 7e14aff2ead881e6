import "server-only";
import { type Asked, answer } from "#lib/api/answer.ts";
import { problemOf } from "#lib/api/problem.ts";
import { operationsAt } from "#lib/api/registry.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
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
  const handle: Handler = (request, route) =>
    firmAnswer(programsOnly(request) ? programOf : callerOf, request, async (ctx) =>
      answer(operations, { ctx, request, params: await route.params }),
    );
  return { GET: handle, POST: handle, PUT: handle, PATCH: handle, DELETE: handle };
}

/** What a firm's host answers to whoever asks, in problems where anything goes wrong. */
export function openEndpoint(handle: (asked: Omit<Asked, "params">) => Promise<Response>): Handler {
  return (request) => firmAnswer(visitorContext, request, (ctx) => handle({ ctx, request }));
}

function firmAnswer(
  who: (request: Request) => Promise<Context>,
  request: Request,
  handle: (ctx: Context) => Promise<Response>,
): Promise<Response> {
  return machineAnswer(async () => {
    const { tenant } = await requestStamp();
    if (!tenant) throw notFound("There is no firm at this address.");
    return handle(await who(request));
  })(request);
}

/** Who a program speaks for, and nobody else: whatever cookies come along count for nothing. */
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
export function bearerToken(request: Request): string | undefined {
  const authorization = request.headers.get("authorization");
  if (authorization === null) return undefined;
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? "";
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
