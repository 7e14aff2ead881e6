import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerRequest } from "#lib/boot/front/answer-request.ts";
import { endpoint } from "#lib/web/api.ts";

export type FrontAnswer = { status: number; headers: Record<string, string>; body: string };

type Asking = { method?: string; headers?: Record<string, string | string[]>; body?: string };

/** The server in front as boot starts it, with nothing behind it: what it hands on is answered by 418, with its body. */
export async function openFront() {
  const server = createServer((request, response) => {
    void answerRequest(async () => void request.pipe(response.writeHead(418)), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    send: (host: string, path: string, asking: Asking = {}) => send(port, host, path, asking),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function send(port: number, host: string, path: string, { method = "GET", headers, body = "" }: Asking) {
  const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise<FrontAnswer>((resolve, reject) => {
    const sent = ask(
      { host: "127.0.0.1", port, path, method, agent: false, headers: { host, ...length, ...headers } },
      async (answer) => {
        const parts: Buffer[] = [];
        for await (const part of answer) parts.push(part as Buffer);
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers as Record<string, string>,
          body: Buffer.concat(parts).toString("utf8"),
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The same request at the route of its address, as the server in front would hand it on. */
export async function askRoute(
  path: string,
  stamp: string,
  { method = "GET", headers = {}, body }: Asking,
): Promise<FrontAnswer> {
  const all = { ...(headers as Record<string, string>), "x-portal-stamp": stamp };
  const request = new Request(`http://route/api/v1${path}`, {
    method,
    headers: all,
    body: body || undefined,
  });
  const handlers = endpoint(path);
  const handle = handlers[(method === "HEAD" ? "GET" : method) as keyof typeof handlers];
  const answer = await handle(request, { params: Promise.resolve({}) });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}
