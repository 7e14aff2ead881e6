import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONNECTION_TIMES } from "#lib/boot/connection-times.ts";
import { drainable } from "#lib/boot/drain.ts";
import { ready } from "#lib/health/check-health.ts";
import { singletons } from "#tests/support/settings.ts";

describe("a server that is told to end (REL11)", () => {
  let server: Server;
  let drain: () => Promise<void>;
  let agent: Agent;
  let held: ServerResponse[];

  beforeEach(async () => {
    held = [];
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    server = createServer(CONNECTION_TIMES, (request, response) => {
      if (request.url === "/slow") held.push(response);
      else response.end("quick");
    });
    drain = drainable(server, 60_000);
    await once(server.listen(0, "127.0.0.1"), "listening");
  });

  afterEach(() => {
    agent.destroy();
    server.closeAllConnections();
    delete singletons().leaving;
  });

  const ask = async (path: string): Promise<IncomingMessage> => {
    const { port } = server.address() as AddressInfo;
    const [response] = await once(get({ port, path, agent }), "response");
    response.resume();
    return response;
  };

  test("answers what it has begun, and says that it was the last answer of the connection", async () => {
    const slow = ask("/slow");
    await once(server, "request");
    const drained = drain();
    held[0]?.end("late");

    expect(await slow).toMatchObject({ statusCode: 200, headers: { connection: "close" } });
    await drained;
  });

  test("answers a request that is on its way over a kept connection", async () => {
    const first = await ask("/quick");
    await once(first, "end");
    const { port } = server.address() as AddressInfo;
    const crossing = get({ port, path: "/quick", agent });
    const drained = drain();

    const [second] = (await once(crossing, "response")) as [IncomingMessage];
    expect(second).toMatchObject({ statusCode: 200, headers: { connection: "close" } });
    expect(crossing.reusedSocket).toBe(true);
    second.resume();
    await drained;
  });

  test("lets go of whoever is connected and asks for nothing", async () => {
    await once(await ask("/quick"), "end");

    await drain();
    expect(server.listening).toBe(false);
  });

  test("says at once that it is not ready, so that nobody is sent to it", async () => {
    const drained = drain();

    expect(await ready()).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    await drained;
  });
});
