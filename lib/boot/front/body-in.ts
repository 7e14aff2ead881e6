import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** A body in each encoding that is offered. */
export type Body = { plain: Buffer; gzip: Buffer; br: Buffer };

export type Encoded = { encoding: "br" | "gzip" | undefined; bytes: Buffer };

/** The smallest form of a body that a client takes, by its `Accept-Encoding` (RFC 9110 12.5.3). */
export function bodyIn(body: Body, accepted: string | string[] | undefined): Encoded {
  const encoding = encodingFor(accepted);
  return { encoding, bytes: body[encoding ?? "plain"] };
}

function encodingFor(accepted: string | string[] | undefined): "br" | "gzip" | undefined {
  const taken = String(accepted ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
    .map((part) => part.split(";")[0]?.trim());
  return (["br", "gzip"] as const).find((encoding) => taken.includes(encoding));
}

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** For what is sent many times. A tenth smaller would take Brotli twenty times as long. */
export async function compressed(plain: Buffer): Promise<Body> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  const [gz, br] = await Promise.all([
    compressGzip(plain, { level: constants.Z_BEST_COMPRESSION }),
    compressBrotli(plain, quality),
  ]);
  return { plain, gzip: gz, br };
}

const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** Quickly, in what a client takes: for what is sent once. */
export async function encodedOnce(plain: Buffer, accepted: string | string[] | undefined): Promise<Encoded> {
  const encoding = encodingFor(accepted);
  if (encoding === undefined) return { encoding, bytes: plain };
  return { encoding, bytes: await (encoding === "br" ? compressBrotli(plain, QUICK) : compressGzip(plain)) };
}
