import { connect, createServer, type Socket } from "node:net";
import { closeDatabase } from "#db/client.ts";
import { runtimeUrl } from "./database.ts";

type Count = (work: () => Promise<unknown>) => Promise<number>;

/**
 * Puts a relay between the product and its database, which counts how often the product waits for an answer. What is
 * prepared at its first use costs one more then: run the same work before.
 */
export async function countingRoundTrips(measure: (roundTripsOf: Count) => Promise<void>): Promise<void> {
  let trips = 0;
  const relay = createServer((product) => relayTo(product, () => trips++));
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const before = process.env.DATABASE_APP_URL;
  await turnTo(urlOf(relay.address() as { port: number }));
  try {
    await measure(async (work) => {
      trips = 0;
      await work();
      return trips;
    });
  } finally {
    await turnTo(before);
    relay.close();
  }
}

async function turnTo(url: string | undefined): Promise<void> {
  await closeDatabase();
  process.env.DATABASE_APP_URL = url;
}

function urlOf({ port }: { port: number }): string {
  const url = new URL(runtimeUrl());
  url.port = String(port);
  return url.href;
}

/** A trip begins where the product speaks after it was answered, however many messages it sends by then. */
function relayTo(product: Socket, onTrip: () => void): void {
  const { hostname, port } = new URL(runtimeUrl());
  const server = connect(Number(port), hostname);
  let answered = true;
  product.on("data", (chunk) => {
    if (answered) onTrip();
    answered = false;
    server.write(chunk);
  });
  server.on("data", (chunk) => {
    answered = true;
    product.write(chunk);
  });
  for (const [from, to] of [
    [product, server],
    [server, product],
  ] as const) {
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  }
}
