import { requirePermission } from "#lib/core/access.ts";
import { recordIfRefusal } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { asOverloadWhenDatabaseIsAway, DomainError } from "#lib/core/errors.ts";
import { type Allowance, takeAllowance } from "./allowance.ts";
import type { Check } from "./checks/check.ts";
import { asPrecondition, wantedVersion } from "./if-match.ts";
import { idempotencyKeyOf, onlyOnce } from "./only-once.ts";
import type { Operation } from "./operation.ts";
import { responseOf } from "./plain-answer.ts";
import { problem, problemOf } from "./problem.ts";
import { bodyIn, paramsIn, queryIn, textOf } from "./read-request.ts";

export type Asked = { ctx: Context; request: Request; params: unknown };

/** Answers a request by that operation of an address which its method names, or says by a problem why not. */
export async function answer(operations: readonly Operation[], asked: Asked): Promise<Response> {
  const { ctx, request } = asked;
  const method = request.method === "HEAD" ? "GET" : request.method;
  const found = operations.find((one) => one.method === method);
  if (!found) return methodNotAllowed(operations);
  let allowance: Allowance | undefined;
  let response: Response;
  try {
    allowance = found.unlimited ? undefined : await takeAllowance(ctx);
    response = found.check ? await check(found, found.check, asked) : await perform(found, asked, allowance);
  } catch (error) {
    response = problemOf(asOverloadWhenDatabaseIsAway(error), ctx.origin);
  }
  for (const [name, value] of Object.entries(allowance?.headers ?? {})) response.headers.set(name, value);
  return response;
}

/** A check takes nothing in its address; who may ask is told what is wrong with it. */
async function check(operation: Operation, { answer }: Check, asked: Asked): Promise<Response> {
  const { ctx, request } = asked;
  if (new URL(request.url).search !== "") {
    await requireAllowed(operation, ctx, undefined);
    queryIn(operation, request);
  }
  const headers = Object.fromEntries(request.headers);
  return responseOf(await answer(ctx, { ctx, headers, body: await request.text() }));
}

function methodNotAllowed(operations: readonly Operation[]): Response {
  const methods = operations.map(({ method }) => method);
  const response = problem("method_not_allowed", 405, `This address takes ${methods.join(", ")}.`);
  response.headers.set("allow", methods.join(", "));
  return response;
}

async function perform(operation: Operation, asked: Asked, allowance?: Allowance): Promise<Response> {
  const { ctx, request } = asked;
  await requireAllowed(operation, ctx, allowance);
  const text = operation.body || operation.method === "POST" ? await textOf(request) : "";
  const work = () => run(operation, asked, text);
  const key = operation.method === "POST" && ctx.actor ? idempotencyKeyOf(request) : undefined;
  if (key === undefined) return work();
  return onlyOnce(ctx, { key, request, text, secret: operation.secret === true }, work);
}

/** Who may not is told so before anything that was sent is looked at. */
async function requireAllowed(
  { permission }: Operation,
  ctx: Context,
  allowance: Allowance | undefined,
): Promise<void> {
  try {
    if (allowance?.refused) throw allowance.refused;
    requirePermission(ctx, permission);
  } catch (error) {
    await recordIfRefusal(ctx, { event: "api_request", permission }, error);
    throw error;
  }
}

async function run(operation: Operation, { ctx, request, params }: Asked, text: string): Promise<Response> {
  const call = {
    params: paramsIn(operation, params),
    query: queryIn(operation, request),
    body: bodyIn(operation, text),
    version: operation.conditional ? wantedVersion(request) : undefined,
  };
  try {
    const result = await operation.run?.(ctx, call);
    return result instanceof Response ? result : success(operation, result, request);
  } catch (error) {
    throw error instanceof DomainError && call.version !== undefined ? asPrecondition(error) : error;
  }
}

const NO_STORE = { "cache-control": "no-store" };

/** What the schema does not name never leaves; what does not fit it is our error, and nobody's answer. */
function success(operation: Operation, result: unknown, request: Request): Response {
  const { status, answer: schema, tagged, location } = operation;
  if (!schema) return new Response(null, { status, headers: NO_STORE });
  const body = schema.parse(JSON.parse(JSON.stringify(result)));
  const headers = new Headers(NO_STORE);
  const { version, next } = body as { version?: number; next?: string | null };
  if (tagged) headers.set("etag", `"${version}"`);
  if (location) headers.set("location", location(body));
  if (typeof next === "string") headers.set("link", `<${nextPage(request, next)}>; rel="next"`);
  return Response.json(body, { status, headers });
}

function nextPage(request: Request, next: string): string {
  const { pathname, searchParams } = new URL(request.url);
  searchParams.set("after", next);
  return `${pathname}?${searchParams}`;
}
