import type { ServerResponse } from "node:http";

/** An answer that another handler has finished, and that has not been sent. */
export type HeldAnswer = { status: number; body: Buffer };

/**
 * Lets a handler write its answer, and gives it whole once it has ended. Its status and headers stand in the response, from
 * where they are sent with whatever is written then.
 */
export function holdAnswer(
  response: ServerResponse,
  handle: (response: ServerResponse) => Promise<void>,
): Promise<HeldAnswer> {
  const { write, end, writeHead, flushHeaders } = response;
  const pieces: Buffer[] = [];
  const keep = (args: unknown[]) => {
    const [piece, encoding] = args;
    if (typeof piece === "string") pieces.push(Buffer.from(piece, encodingIn(encoding)));
    else if (piece instanceof Uint8Array) pieces.push(Buffer.from(piece));
    for (const callback of args) if (typeof callback === "function") callback();
  };
  return new Promise((resolve, reject) => {
    const release = () => Object.assign(response, { write, end, writeHead, flushHeaders });
    Object.assign(response, {
      flushHeaders() {},
      write: (...args: unknown[]) => {
        keep(args);
        return true;
      },
      writeHead: (status: number, ...rest: unknown[]) => {
        response.statusCode = status;
        for (const [name, value] of headersIn(rest)) response.setHeader(name, value);
        return response;
      },
      end: (...args: unknown[]) => {
        keep(args);
        release();
        resolve({ status: response.statusCode, body: Buffer.concat(pieces) });
        return response;
      },
    });
    handle(response).catch((error) => {
      release();
      reject(error);
    });
  });
}

const encodingIn = (encoding: unknown) =>
  typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8";

/** The headers that `writeHead` may be given: after a reason or without one, by name or in a row. */
function headersIn(rest: unknown[]): [string, string | string[]][] {
  const given = rest.find((part) => typeof part === "object" && part !== null);
  if (!Array.isArray(given)) return Object.entries((given ?? {}) as Record<string, string>);
  return given.flatMap((name, index) => (index % 2 === 0 ? [[name, given[index + 1]]] : []));
}
