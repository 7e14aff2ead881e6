import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { holdAnswer } from "#lib/boot/front/held-answer.ts";

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Seen = { status: number | undefined; headers: IncomingMessage["headers"]; body: string };

/** What a client sees of an answer that is held and then sent with `more` behind it. */
async function seen(handle: (response: ServerResponse) => Promise<void>, more = ""): Promise<Seen> {
  const server = createServer(async (_, response) => {
    const { body } = await holdAnswer(response, handle);
    response.end(body.toString() + more);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<IncomingMessage>((resolve) => get({ host: "127.0.0.1", port }, resolve));
  const pieces = await answer.toArray();
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces).toString() };
}

test("an answer that comes in pieces is given whole, and sent with its own status and headers", async () => {
  const { status, headers, body } = await seen(async (response) => {
    response.writeHead(404, "Nothing", { "x-one": "1" });
    response.flushHeaders();
    response.write("Grü");
    await new Promise<void>((written) => response.write(Buffer.from("ße "), () => written()));
    response.end("6869", "hex");
  }, "!");
  expect({ status, body, one: headers["x-one"] }).toEqual({ status: 404, body: "Grüße hi!", one: "1" });
});

test("headers may be given in a row", async () => {
  const { headers } = await seen(async (response) => {
    response.writeHead(303, ["location", "/sign-in", "x-two", "2"]).end();
  });
  expect(headers).toMatchObject({ location: "/sign-in", "x-two": "2" });
});

test("what a handler fails with is failed with, and the response can be used for something else", async () => {
  const server = createServer(async (_, response) => {
    const failing = holdAnswer(response, async () => {
      response.write("half of it");
      throw new Error("broken");
    });
    await failing.catch((error) => response.writeHead(500).end(String(error)));
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect([answer.status, await answer.text()]).toEqual([500, "Error: broken"]);
});
