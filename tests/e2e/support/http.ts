import { request } from "node:http";

export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Header lines as they came, for comparing answers. */
  rawHeaders: string[];
  body: string;
};

export type Sent = {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** Which of this machine's own addresses it comes from. */
  from?: string;
};

/** One request to a port of this machine, with whatever Host. Follows nothing, keeps nothing. */
export function send(
  port: number,
  path: string,
  { method = "GET", headers = {}, body, from = "127.0.0.1" }: Sent = {},
) {
  const place = { host: "127.0.0.1", port, localAddress: from };
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(
      { ...place, path, method, headers, setHost: headers.host === undefined, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            rawHeaders: incoming.rawHeaders,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    outgoing.setTimeout(30_000, () => outgoing.destroy(new Error(`No answer to ${method} ${path}`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

export const setCookies = ({ headers }: Answer): string[] => [headers["set-cookie"] ?? []].flat();

export const location = ({ headers }: Answer): string | undefined => headers.location as string | undefined;
