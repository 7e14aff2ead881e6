import type { IncomingMessage, ServerResponse } from "node:http";
import type { Tenant } from "#lib/core/context.ts";
import { log } from "#lib/core/log.ts";
import type { Handler } from "./answer-request.ts";
import { encodedOnce } from "./body-in.ts";
import { holdAnswer } from "./held-answer.ts";
import { pathOfScript } from "./own-scripts.ts";
import { policyOfPlainPage } from "./security-headers.ts";
import { WITHOUT_FRAMEWORK } from "./signed-out-paths.ts";
import { withoutFramework } from "./without-framework.ts";

type Facts = { path: string; nonce: string; tenant: Tenant | undefined };

/** Answers for a page by what Next makes of it: a signed-out one without the framework. */
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
  await answerSignedOut(next, request, response, nonce);
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

async function answerSignedOut(
  next: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  nonce: string,
): Promise<void> {
  const accepted = request.headers["accept-encoding"];
  // Compressed when it is whole.
  delete request.headers["accept-encoding"];
  // The answer to HEAD has the headers of the one to GET; Node leaves its body out.
  if (request.method === "HEAD") request.method = "GET";
  const { status, body } = await holdAnswer(response, () => next(request, response));
  const page = status === 200 && isHtml(response) ? plainPage(body.toString(), nonce) : undefined;
  if (!page) return void response.end(body);
  writePageHeaders(response, page.policy);
  const { encoding, bytes } = await encodedOnce(page.html, accepted);
  sendBytes(response, encoding, bytes);
}

type Page = { html: Buffer; policy: string };

/** Undefined where Next has made something else than is known: that is sent as it is, and works, only heavier. */
function plainPage(document: string, nonce: string): Page | undefined {
  try {
    const { html, styleSources } = withoutFramework(document, { nonce, script: pathOfScript("signed-out") });
    return { html: Buffer.from(html), policy: policyOfPlainPage(styleSources) };
  } catch (error) {
    log().error({ err: error }, "a signed-out page is sent with the framework");
    return undefined;
  }
}

const isHtml = (response: ServerResponse): boolean =>
  String(response.getHeader("content-type")).startsWith("text/html");

function writePageHeaders(response: ServerResponse, policy: string): void {
  for (const name of ["link", "etag", "transfer-encoding"]) response.removeHeader(name);
  response.setHeader("content-security-policy", policy);
  response.setHeader("cache-control", "no-store");
  response.setHeader("vary", "accept-encoding, cookie, rsc");
}

function sendBytes(response: ServerResponse, encoding: string | undefined, bytes: Buffer): void {
  if (encoding) response.setHeader("content-encoding", encoding);
  response.setHeader("content-length", bytes.length);
  response.end(bytes);
}
