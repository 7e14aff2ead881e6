import type { IncomingMessage, ServerResponse } from "node:http";
import type { Tenant } from "#lib/core/context.ts";
import { log } from "#lib/core/log.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import type { Handler } from "./answer-request.ts";
import { bodyIn, compressed, type Encoded, encodedOnce } from "./body-in.ts";
import { holdAnswer } from "./held-answer.ts";
import { pathOfScript } from "./own-scripts.ts";
import { type KeptPage, keyOfPage, makePageCache } from "./page-cache.ts";
import { policyOfPlainPage } from "./security-headers.ts";
import { makeSharedPages } from "./shared-page.ts";
import { WITHOUT_FRAMEWORK } from "./signed-out-paths.ts";
import { withoutFramework } from "./without-framework.ts";

/** Some thousands of pages. */
const cache = makePageCache(32 * 1024 * 1024);
const sharedPage = makeSharedPages(cache);

type Facts = { path: string; nonce: string; tenant: Tenant | undefined };

/**
 * Answers for a page by what Next makes of it: a signed-out one without the framework, and where it is the same for everybody
 * by what Next has made of it once.
 */
export async function answerPage(
  next: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  { path, nonce, tenant }: Facts,
): Promise<void> {
  const isPlain = tenant !== undefined && WITHOUT_FRAMEWORK.has(path);
  // A page of an older version still has the framework, which calls its actions by itself.
  if (!isPlain || request.headers["next-action"] !== undefined) return next(request, response);
  if (isDrawnByFramework(request)) return leadToWholePage(response);
  const key = keyOfPage(request, path, tenant);
  const accepted = request.headers["accept-encoding"];
  const make = () =>
    answerSignedOut(next, request, response, { nonce, key, origin: firmOrigin(tenant.slug) });
  const kept = await (key === undefined ? make() : sharedPage({ key, response, make }));
  if (kept) sendPage(response, kept.policy, bodyIn(kept.body, accepted));
}

/** The same where Next asks for a page itself, to have it drawn after an action's redirect. */
export async function answerItself(
  next: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (WITHOUT_FRAMEWORK.has(path) && isDrawnByFramework(request)) return leadToWholePage(response);
  return next(request, response);
}

/** A signed-in page wants to draw another one by itself. It has not got what signed-out ones run. */
const isDrawnByFramework = ({ method, headers }: IncomingMessage): boolean =>
  method === "GET" && headers.rsc !== undefined;

/** What is no answer for the framework's router makes it load the page as a whole. */
function leadToWholePage(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end();
}

type PageFacts = { nonce: string; key: string | undefined; origin: string };

/** Gives what is for all, to be sent, and keeps it. What is not, it sends. */
async function answerSignedOut(
  next: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  { nonce, key, origin }: PageFacts,
): Promise<KeptPage | undefined> {
  const accepted = request.headers["accept-encoding"];
  // Compressed when it is whole.
  delete request.headers["accept-encoding"];
  // The answer to HEAD has the headers of the one to GET; Node leaves its body out.
  if (request.method === "HEAD") request.method = "GET";
  const { status, body } = await holdAnswer(response, () => next(request, response));
  const page = status === 200 && isHtml(response) ? plainPage(body.toString(), nonce, origin) : undefined;
  if (!page) return void response.end(body);
  const isForAll = key !== undefined && response.getHeader("set-cookie") === undefined;
  if (!isForAll) return void sendPage(response, page.policy, await encodedOnce(page.html, accepted));
  const kept = { policy: page.policy, body: await compressed(page.html) };
  cache.keep(key, kept, performance.now());
  return kept;
}

type Page = { html: Buffer; policy: string };

/** Undefined where Next has made something else than is known: that is sent as it is, and works, only heavier. */
function plainPage(document: string, nonce: string, origin: string): Page | undefined {
  try {
    const script = pathOfScript("signed-out");
    const { html, styleSources } = withoutFramework(document, { nonce, script });
    const worker = pathOfScript("password-judge");
    const policy = policyOfPlainPage({
      scripts: origin + script,
      workers: origin + worker,
      styles: styleSources,
    });
    return { html: Buffer.from(html), policy };
  } catch (error) {
    log().error({ err: error }, "a signed-out page is sent with the framework");
    return undefined;
  }
}

const isHtml = (response: ServerResponse): boolean =>
  String(response.getHeader("content-type")).startsWith("text/html");

function sendPage(response: ServerResponse, policy: string, { encoding, bytes }: Encoded): void {
  for (const name of ["link", "etag", "transfer-encoding"]) response.removeHeader(name);
  if (encoding) response.setHeader("content-encoding", encoding);
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.setHeader("content-length", bytes.length);
  response.setHeader("content-security-policy", policy);
  response.setHeader("cache-control", "no-store");
  response.setHeader("vary", "accept-encoding, cookie, rsc");
  response.end(bytes);
}
