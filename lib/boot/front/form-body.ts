import { once } from "node:events";
import type { IncomingMessage } from "node:http";

/** More than any form of the portal holds. */
const MAX_BYTES = 64 * 1024;

export type BodyTrouble = { status: 400 | 411 | 413; advice: string };

/**
 * Looks at what a form sends before the pages do, and puts it back: they answer a body that cannot be read with an
 * error of their own, and one without an end with waiting (INC2). Undefined when the body may pass.
 */
export async function troubleWithBody(request: IncomingMessage): Promise<BodyTrouble | undefined> {
  const length = Number(request.headers["content-length"]);
  if (!Number.isInteger(length)) return { status: 411, advice: "The request does not say how long it is." };
  if (length > MAX_BYTES)
    return { status: 413, advice: "The request is longer than any form of the portal." };
  if (length === 0) return undefined;
  const body = await peek(request, length);
  const readable = body.length === length && (await isReadable(body, request.headers["content-type"] ?? ""));
  return readable
    ? undefined
    : { status: 400, advice: "The request is incomplete or damaged. Please try again." };
}

/** The whole body, which stays to be read by whoever comes next. */
async function peek(request: IncomingMessage, length: number): Promise<Buffer> {
  for (;;) {
    const body: Buffer | null = request.read(length);
    if (body) {
      request.unshift(body);
      return body;
    }
    if (request.destroyed || request.readableEnded) return Buffer.alloc(0);
    await Promise.race([once(request, "readable"), once(request, "close")]);
  }
}

async function isReadable(body: Buffer, contentType: string): Promise<boolean> {
  try {
    // A Server Action called by script sends its arguments as JSON where they hold no form.
    if (contentType.startsWith("text/plain")) JSON.parse(body.toString("utf8"));
    else await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
    return true;
  } catch {
    return false;
  }
}
