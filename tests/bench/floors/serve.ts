import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import postgres from "postgres";

type Reply = { status: number; body: string };

const POOL_SIZE = 10;
const JSON_TYPE = { "content-type": "application/json", "cache-control": "no-store" };

/** What a floor stands on: node:http and nothing else. Tells the bench its port, and ends with it. */
export function serve(answer: (request: IncomingMessage) => Reply | Promise<Reply>): void {
  const server = createServer(async (request, response) => {
    try {
      const { status, body } = await answer(request);
      response.writeHead(status, JSON_TYPE).end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.once("disconnect", () => process.exit(0));
}

/** The owner's connections to the portal's own database: the same rows, without the guards. */
export const sql = postgres(process.env.FLOOR_DATABASE_URL ?? "", {
  max: POOL_SIZE,
  onnotice: () => undefined,
});

const slugs = new Map<string, string>();

/** The firm of a request by its Host, looked up once. */
export async function firmOf({ headers: { host = "" } }: IncomingMessage): Promise<string> {
  const slug = host.split(".")[0] ?? "";
  const known = slugs.get(slug);
  if (known !== undefined) return known;
  const [row] = await sql<{ id: string }[]>`select id from tenants where slug = ${slug}`;
  slugs.set(slug, row?.id ?? "");
  return row?.id ?? "";
}

export function bearerOf({ headers: { authorization = "" } }: IncomingMessage): string {
  return authorization.slice("Bearer ".length);
}

export async function jsonOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
