import { type IncomingMessage, request as requestPlainly } from "node:http";
import { request as requestSecurely } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { SECOND } from "./clock.ts";
import { env } from "./env.ts";
import { lookUpAddresses } from "./resolver.ts";
import { isRoutable } from "./routable-address.ts";

export type SafeRequest = {
  method?: "GET" | "POST";
  headers?: HeadersInit;
  body?: string;
  /** More is not read. */
  maxBytes?: number;
  /** For all of it: names, connection, answer. */
  timeoutMs?: number;
};

const MAX_BYTES = 512 * 1024;
const TIMEOUT = 8 * SECOND;

/**
 * Fetches from an address that somebody typed, and can be led nowhere but to the public internet (SEC69): https, no
 * address of a network of our own, no redirect, so many bytes, so much time. A name is looked up once, and the
 * connection goes to what was judged. Throws a `FetchTrouble`, whose sentence may be shown.
 */
export async function safeFetch(address: string, asked: SafeRequest = {}): Promise<Response> {
  const url = permittedUrl(address);
  const deadline = AbortSignal.timeout(asked.timeoutMs ?? TIMEOUT);
  try {
    const addresses = await before(deadline, judgedAddresses(url));
    return await exchange(url, addresses, asked, deadline);
  } catch (error) {
    throw troubleOf(error, deadline);
  }
}

const SENTENCES = {
  bad_address: "This is not an address that can be fetched.",
  not_https: "The address must begin with https://.",
  has_credentials: "The address must not hold a username or password.",
  forbidden_port: "The address must use port 443, or one above 1023.",
  forbidden_address: "The address leads into a private network.",
  name_not_found: "There is no server of this name.",
  unreachable: "The server could not be reached.",
  bad_certificate: "The server's certificate is not valid for this address.",
  redirected: "The server leads to another address. Enter that one, if it is right.",
  too_large: "The server's answer is too large.",
  too_slow: "The server did not answer in time.",
  encoded: "The server's answer is compressed, though that was not asked for.",
} as const;

export type FetchTroubleCode = keyof typeof SENTENCES;

/** Why something was not fetched: a stable code, and a sentence for whoever typed the address. */
export class FetchTrouble extends Error {
  readonly code: FetchTroubleCode;

  constructor(code: FetchTroubleCode, cause?: unknown) {
    super(SENTENCES[code], { cause });
    this.name = "FetchTrouble";
    this.code = code;
  }
}

/**
 * The address, as far as it can be judged without a name server. Ports below 1024 but https's own belong to services
 * that would make something else of a request, such as mail.
 */
export function permittedUrl(address: string): URL {
  if (!URL.canParse(address)) throw new FetchTrouble("bad_address");
  const url = new URL(address);
  if (url.username || url.password) throw new FetchTrouble("has_credentials");
  if (isOfDemo(url)) return url;
  if (url.protocol !== "https:") throw new FetchTrouble("not_https");
  if (url.port !== "" && Number(url.port) < 1024) throw new FetchTrouble("forbidden_port");
  const literal = literalOf(url);
  if (literal && !isRoutable(literal)) throw new FetchTrouble("forbidden_address");
  return url;
}

/** The built-in demo providers listen on loopback; the launcher names them, in demo mode only (DEC18). */
export function isOfDemo({ origin }: URL): boolean {
  return env().PORTAL_DEMO_ISSUERS.includes(origin);
}

/** However it was written (decimal, octal, hexadecimal, short): URLs know one form of an address. */
function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(bare) ? bare : undefined;
}

/** Where the connection may go. One address of a network of our own among several is enough to refuse them all. */
async function judgedAddresses(url: URL): Promise<string[]> {
  const literal = literalOf(url);
  if (literal) return [literal];
  if (isOfDemo(url)) return ["127.0.0.1"];
  const addresses = await lookUpAddresses(url.hostname);
  if (addresses.length === 0) throw new FetchTrouble("name_not_found");
  if (!addresses.every(isRoutable)) throw new FetchTrouble("forbidden_address");
  return addresses;
}

async function before<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(deadline.reason);
  deadline.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([work, late]);
  } finally {
    deadline.removeEventListener("abort", giveUp);
  }
}

async function exchange(url: URL, addresses: string[], asked: SafeRequest, signal: AbortSignal) {
  const answer = await send(url, addresses, asked, signal);
  try {
    return await read(answer, asked.maxBytes ?? MAX_BYTES);
  } finally {
    answer.destroy();
  }
}

function send(
  url: URL,
  addresses: string[],
  asked: SafeRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { method = "GET", body } = asked;
  const request = url.protocol === "https:" ? requestSecurely : requestPlainly;
  return new Promise((resolve, reject) => {
    request(url, {
      method,
      headers: headersOf(asked),
      lookup: pinnedTo(addresses),
      // A connection of its own: a kept one may lead to what was judged for another request.
      agent: false,
      signal,
    })
      .once("response", resolve)
      .once("error", reject)
      .end(body);
  });
}

function headersOf({ headers, body }: SafeRequest): Record<string, string> {
  const length = body === undefined ? undefined : { "content-length": String(Buffer.byteLength(body)) };
  return {
    ...Object.fromEntries(new Headers(headers)),
    ...length,
    "accept-encoding": "identity",
    "user-agent": "portal",
  };
}

/** Whoever answers for the name a second time is not asked (DNS rebinding). */
function pinnedTo(addresses: string[]): LookupFunction {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all }, done) => {
    const [first] = pinned;
    if (all) done(null, pinned);
    else done(null, first?.address ?? "", first?.family);
  };
}

const WITHOUT_BODY = new Set([204, 205, 304]);

async function read(answer: IncomingMessage, maxBytes: number): Promise<Response> {
  const { statusCode: status = 0, headers } = answer;
  if (status >= 300 && status < 400 && status !== 304) throw new FetchTrouble("redirected");
  if ((headers["content-encoding"] ?? "identity") !== "identity") throw new FetchTrouble("encoded");
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw new FetchTrouble("too_large");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new FetchTrouble("too_large");
    chunks.push(chunk);
  }
  const body = WITHOUT_BODY.has(status) ? null : Buffer.concat(chunks);
  return new Response(body, { status, headers: plainHeaders(headers) });
}

function plainHeaders(headers: IncomingMessage["headers"]): Headers {
  const plain = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value ?? []].flat()) plain.append(name, one);
  }
  return plain;
}

const ABOUT_CERTIFICATES = /^(?:CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

function troubleOf(error: unknown, deadline: AbortSignal): FetchTrouble {
  if (error instanceof FetchTrouble) return error;
  if (deadline.aborted) return new FetchTrouble("too_slow", error);
  const code = String((error as NodeJS.ErrnoException).code ?? "");
  return new FetchTrouble(ABOUT_CERTIFICATES.test(code) ? "bad_certificate" : "unreachable", error);
}
