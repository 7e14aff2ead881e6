import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { changeSettings } from "./settings.ts";

export type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => unknown;

const running = new Set<string>();

/** A server on loopback that the product may fetch from, as the launcher would name one in demo mode (DEC18). */
export async function aLoopbackServer(answering: Answering) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    await answering(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  running.add(origin);
  nameThem();
  return {
    origin,
    close() {
      running.delete(origin);
      nameThem();
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function nameThem(): void {
  const issuers = [...running].join(",");
  changeSettings({ PORTAL_DEMO: issuers ? "1" : undefined, PORTAL_DEMO_ISSUERS: issuers || undefined });
}
