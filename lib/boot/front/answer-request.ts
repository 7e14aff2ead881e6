import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import type { Context } from "#lib/core/context.ts";
import { asOverloadWhenDatabaseIsAway, DomainError } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { healthAnswer } from "#lib/health/check-health.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { apexOrigin, placeOfHost } from "#lib/tenancy/origin.ts";
import { makeStamp, type RequestStamp, readStamp, STAMP_HEADER } from "#lib/tenancy/request-stamp.ts";
import { answerCheck } from "./answer-check.ts";
import { answerResetForm } from "./answer-reset-form.ts";
import { clientAddress, isLoopback, isLoopbackAddress } from "./client-address.ts";
import { logWhenDone } from "./log-answer.ts";
import { sendOwnScript } from "./own-scripts.ts";
import { plainAnswer } from "./plain-answer.ts";
import { problemAnswer, scimProblemAnswer } from "./problem-answer.ts";
import {
  type BodyTrouble,
  isReadByRoute,
  isUpload,
  troubleWithForm,
  troubleWithLength,
} from "./request-body.ts";
import { dropForeignHeaders, isFromOwnPage, isOriginForm, requestHost } from "./request-gate.ts";
import { newNonce, securityHeaders } from "./security-headers.ts";
import { rotateAtPageVisit } from "./session-rotation.ts";
import { answerItself, answerPage } from "./signed-out-pages.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Assets and machine endpoints of the apex keep their paths; its pages live under /site. */
const SAME_PATH_ON_APEX = /^\/(?:_next|api|dev|\.well-known|icon\.svg)(?:\/|$)/;

/**
 * Stands in front of Next: decides the firm from the Host alone, refuses what comes from foreign pages, and stamps
 * the request with what it found. Everything else is the pages' own business; they authorize for themselves (S9).
 */
export async function answerRequest(
  next: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  try {
    if (await answerCheck(requestId, request, response)) return;
    logWhenDone(requestId, request, response);
    await answer(next, requestId, request, response);
  } catch (error) {
    const known = asOverloadWhenDatabaseIsAway(error);
    log().error({ requestId, err: error }, "request failed");
    if (response.headersSent) response.destroy();
    else if (known instanceof DomainError) serviceUnavailable(response, known.retryAfterSeconds ?? 5);
    else
      plainAnswer(
        response,
        500,
        "Something went wrong",
        `Please try again. The number of this error is ${requestId}.`,
      );
  }
}

async function answer(next: Handler, requestId: string, request: IncomingMessage, response: ServerResponse) {
  if (!isOriginForm(request.url))
    return plainAnswer(response, 400, "Bad request", "The address is malformed.");
  const path = new URL(request.url, "http://path").pathname;
  if (isNextAskingItself(request)) return answerItself(next, request, response, path);

  const source = clientAddress(request);
  dropForeignHeaders(request);
  const nonce = newNonce();
  for (const [name, value] of Object.entries(securityHeaders(path, nonce))) response.setHeader(name, value);
  response.setHeader("x-request-id", requestId);

  if (await isSameOnEveryHost(path, request, response)) return;

  const host = requestHost(request);
  const stamp = host && (await stampFor({ host, path: request.url, requestId, source, nonce }));
  const refusal = stamp ? await refusalOf(request, stamp, path) : undefined;
  if (!stamp) return plainAnswer(response, ...noPortal(source));
  if (refusal) return refuse(response, path, refusal);
  if (await answerResetForm(request, response, stamp, path)) return;
  if (stamp.tenant)
    await rotateAtPageVisit(request, response, { tenant: stamp.tenant, host: stamp.host, path });
  hand(request, response, stamp, path);
  return answerPage(next, request, response, { path, nonce, tenant: stamp.tenant });
}

/** Answers what needs neither a firm nor the pages. */
async function isSameOnEveryHost(path: string, request: IncomingMessage, response: ServerResponse) {
  const health = await healthAnswer(path);
  if (health) response.writeHead(health.status, health.headers).end(health.body);
  return health !== undefined || sendOwnScript(path, request, response);
}

type Refusal = [status: number, title: string, advice: string];

/** Whoever is on this machine has most likely started it just now, and came by the wrong name for it. */
function noPortal(source: string): Refusal {
  const advice = isLoopbackAddress(source)
    ? `The portal of this machine is at <a href="${apexOrigin()}">${apexOrigin()}</a>.`
    : "Check the address that you were given, or ask your firm for it.";
  return [404, "There is no portal here", advice];
}

/** Programs read problems, not pages. */
function refuse(response: ServerResponse, path: string, refusal: Refusal): void {
  const [status, , advice] = refusal;
  if (/^\/api\/v1(?:\/|$)/.test(path)) problemAnswer(response, ...refusal);
  else if (path.startsWith("/api/scim/")) scimProblemAnswer(response, status, advice);
  else plainAnswer(response, ...refusal);
}

/** Why a request to a known host does not reach the pages; undefined when it does. */
async function refusalOf(
  request: IncomingMessage,
  stamp: RequestStamp,
  path: string,
): Promise<Refusal | undefined> {
  // The development inbox shows codes to whoever asks: only to somebody on this machine (DEC3).
  if (path.startsWith("/dev/") && !isLoopback(request)) {
    return [404, "There is nothing here", "This page is for the machine that the portal runs on."];
  }
  if (!isFromOwnPage(request, stamp.host, path)) {
    await recordForeignPage(request, stamp);
    return [403, "Refused", "This request did not come from a page of the portal."];
  }
  const trouble = troubleWithLength(request, path) ?? (await troubleWithPage(request, path));
  return trouble && [trouble.status, "Refused", trouble.advice];
}

/** The firm sees in its audit log that another site tried to act in somebody's name. */
async function recordForeignPage(
  request: IncomingMessage,
  { tenant, ...facts }: RequestStamp,
): Promise<void> {
  if (!tenant) return;
  const { requestId, source, host } = facts;
  const userAgent = (request.headers["user-agent"] ?? "").slice(0, 300);
  const origin = { requestId, source, host, userAgent };
  const visitor: Context = { tenant, origin, actor: undefined, pending: undefined, via: "visitor" };
  await recordRefusal(visitor, "request", "foreign_page");
}

/** Pages take forms only; endpoints, and the one route that takes files, judge their own bodies. */
function troubleWithPage(
  request: IncomingMessage,
  path: string,
): Promise<BodyTrouble | undefined> | undefined {
  const isForm =
    request.method === "POST" && !path.startsWith("/api/") && !isUpload(path) && !isReadByRoute(path);
  return isForm ? troubleWithForm(request) : undefined;
}

/**
 * After a Server Action's redirect Next fetches the target from itself, under a loopback name. That request carries
 * the stamp of the first one, which nobody else can make.
 */
function isNextAskingItself(request: IncomingMessage): boolean {
  const header = request.headers[STAMP_HEADER];
  const stamp = typeof header === "string" ? readStamp(header) : undefined;
  if (!stamp) return false;
  request.headers[STAMP_HEADER] = makeStamp({ ...stamp, path: request.url ?? "/" });
  return true;
}

/** The stamp of a request, or undefined where the host is neither the apex nor an enabled firm's. */
async function stampFor(facts: Omit<RequestStamp, "tenant">): Promise<RequestStamp | undefined> {
  const place = placeOfHost(facts.host);
  if (!place) return undefined;
  if ("apex" in place) return facts;
  const tenant = await findTenant(place.slug);
  return tenant && { ...facts, tenant };
}

function hand(request: IncomingMessage, response: ServerResponse, stamp: RequestStamp, path: string): void {
  request.headers[STAMP_HEADER] = makeStamp(stamp);
  request.headers["content-security-policy"] = String(response.getHeader("content-security-policy"));
  if (!stamp.tenant && !SAME_PATH_ON_APEX.test(path))
    request.url = `/site${request.url === "/" ? "" : request.url}`;
  seeOtherAfterPage(response);
}

/** Next answers a page's redirect with 307; the method must not be repeated at the target. */
function seeOtherAfterPage(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((status: number, ...rest: unknown[]) =>
    writeHead(status === 307 ? 303 : status, ...rest)) as typeof response.writeHead;
}

function serviceUnavailable(response: ServerResponse, retryAfterSeconds: number): void {
  response.setHeader("retry-after", String(retryAfterSeconds));
  plainAnswer(response, 503, "The portal is not available right now", "Please try again in a few seconds.");
}
