import type { IncomingMessage } from "node:http";
import { SECOND } from "#lib/core/clock.ts";

/** More than any form or endpoint of the portal takes. */
const MAX_BYTES = 64 * 1024;

/** Where a file of people comes in. It is read as it comes, and nobody ever holds all of it. */
const UPLOAD = { path: "/members/import/file", maxBytes: 32 * 1024 * 1024 };

/** An answer of an identity provider has 256 KiB at most, in base64, in a form. */
const PROVIDER_ANSWER = { path: /^\/api\/saml\/[^/]+\/(?:acs|logout)$/, maxBytes: 512 * 1024 };

/** Where directories send groups with all of their people, who are asked for a token before anything is read. */
const DIRECTORIES = { path: "/api/scim/", maxBytes: 1024 * 1024 };

/** Forms that lead to other hosts. Their routes read them themselves, and Next gives no body to a route that was read before. */
const READ_BY_ROUTE = new Set(["/sso/start", "/sign-in/continue"]);

/** Enough for a form over a bad line. */
const WAIT_MS = 10 * SECOND;

export type BodyTrouble = { status: 400 | 411 | 413; advice: string };

/**
 * Looks at what a request brings before anything reads it. Undefined when the body may pass: it says how long it is,
 * and is not longer than anything that is taken here, so that nobody can fill the memory (SEC90).
 */
export function troubleWithLength(request: IncomingMessage, path: string): BodyTrouble | undefined {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (encoding !== undefined) return { status: 411, advice: "The request does not say how long it is." };
  if (Number(length ?? 0) > mostBytesAt(path))
    return { status: 413, advice: "The request is longer than any that is taken here." };
  return undefined;
}

function mostBytesAt(path: string): number {
  if (isUpload(path)) return UPLOAD.maxBytes;
  if (path.startsWith(DIRECTORIES.path)) return DIRECTORIES.maxBytes;
  return PROVIDER_ANSWER.path.test(path) ? PROVIDER_ANSWER.maxBytes : MAX_BYTES;
}

export function isUpload(path: string): boolean {
  return path === UPLOAD.path;
}

export function isReadByRoute(path: string): boolean {
  return READ_BY_ROUTE.has(path);
}

/**
 * Reads the form of a page and puts it back: the pages answer a body that cannot be read with an error of their own
 * (INC2). Undefined when the form may pass.
 */
export async function troubleWithForm(request: IncomingMessage): Promise<BodyTrouble | undefined> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length === 0) return undefined;
  const body = await peek(request, length);
  const readable = body.length === length && (await isReadable(request, body));
  return readable
    ? undefined
    : { status: 400, advice: "The request is incomplete or damaged. Please try again." };
}

const forms = new WeakMap<IncomingMessage, FormData>();

/** The form that a request was found to bring. */
export function formIn(request: IncomingMessage): FormData | undefined {
  return forms.get(request);
}

/** The body as text; undefined where it is not as long as it says. */
export async function wholeBody(request: IncomingMessage): Promise<string | undefined> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length === 0) return "";
  const body = await peek(request, length);
  return body.length === length ? body.toString("utf8") : undefined;
}

/**
 * The whole body, which stays to be read by whoever comes next; what has come when the sender goes or dawdles. Each
 * piece is copied at once: a piece of one byte keeps the whole buffer that it was received in.
 */
function peek(request: IncomingMessage, length: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const body = Buffer.alloc(length);
    let filled = 0;
    const finish = () => {
      request.off("readable", take).off("end", finish).off("close", finish);
      clearTimeout(deadline);
      if (filled > 0 && !request.destroyed) request.unshift(body.subarray(0, filled));
      resolve(body.subarray(0, filled));
    };
    const take = () => {
      for (let piece = request.read(); piece !== null; piece = request.read())
        filled += piece.copy(body, filled);
      if (filled === length) finish();
    };
    const deadline = setTimeout(finish, WAIT_MS);
    request.on("readable", take).once("end", finish).once("close", finish);
    take();
  });
}

async function isReadable(request: IncomingMessage, body: Buffer): Promise<boolean> {
  const contentType = request.headers["content-type"] ?? "";
  try {
    // A Server Action called by script sends its arguments as JSON where they hold no form.
    if (contentType.startsWith("text/plain")) JSON.parse(body.toString("utf8"));
    else forms.set(request, await formOf(body, contentType));
    return true;
  } catch {
    return false;
  }
}

function formOf(body: Buffer, contentType: string): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
}
