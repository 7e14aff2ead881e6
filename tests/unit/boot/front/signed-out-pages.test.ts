import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TenantId } from "#db/tenant.ts";
import type { Handler } from "#lib/boot/front/answer-request.ts";
import { newNonce } from "#lib/boot/front/security-headers.ts";
import { answerItself, answerPage } from "#lib/boot/front/signed-out-pages.ts";
import type { Tenant } from "#lib/core/context.ts";

const PATH = "/sign-in";

/** Each test has a firm of its own, of which nothing is kept yet. */
let firm: Tenant;
let asked: string[];
/** What Next does for a page, besides writing it. */
let alsoDo: (response: ServerResponse) => void;
/** What it waits for before that. */
let held: Promise<void>;
let arrived: number;

beforeEach(() => {
  firm = { id: randomBytes(8).toString("hex") as TenantId, slug: "acme", name: "ACME", version: 1 };
  asked = [];
  alsoDo = () => {};
  held = Promise.resolve();
  arrived = 0;
});

/** Writes as Next does: with the nonce of this answer, and what the page has been asked for by. */
const next: Handler = async ({ method, url, headers }, response) => {
  asked.push(`${method} ${url}`);
  await held;
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.setHeader("link", "</a.css>; rel=preload");
  alsoDo(response);
  response.write(`<html><head><script nonce="${headers["x-nonce"]}">1</script></head>`);
  response.end(`<body>${firm.name} ${headers.cookie ?? ""}${headers["accept-encoding"] ?? ""}</body></html>`);
};

let isItself = false;
const server = createServer(async (incoming, response) => {
  const nonce = newNonce();
  incoming.headers["x-nonce"] = nonce;
  arrived += 1;
  const path = incoming.url?.split("?")[0] ?? "";
  if (isItself) return answerItself(next, incoming, response, path);
  return answerPage(next, incoming, response, { path, nonce, tenant: firm.slug === "" ? undefined : firm });
});

beforeAll(() => new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready)));
afterAll(() => server.close());

type Asked = { method?: string; path?: string; headers?: Record<string, string> };
type Answer = { status: number | undefined; headers: IncomingHttpHeaders; bytes: Buffer };

function ask({ method = "GET", path = PATH, headers = {} }: Asked = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, async (answer) => {
      const bytes = Buffer.concat(await answer.toArray());
      resolve({ status: answer.statusCode, headers: answer.headers, bytes });
    });
    sent.on("error", reject).end();
  });
}

const withCookie = (cookie: string) => ask({ headers: { cookie } });

describe("a signed-out page that is the same for everybody (PERF6)", () => {
  test("is made once, and the same bytes and policy are sent from then on", async () => {
    const answers = [await ask(), await ask(), await ask()];
    expect(asked).toEqual(["GET /sign-in"]);
    expect(new Set(answers.map(({ bytes }) => bytes.toString()))).toEqual(
      new Set([expect.stringContaining("<body>ACME </body>")]),
    );
    const headersOf = ({ headers: { date, ...rest } }: Answer) => rest;
    expect(answers.map(headersOf)).toEqual(answers.map(() => headersOf(answers[0] as Answer)));
    expect(answers[2]?.headers).toMatchObject({ "cache-control": "no-store" });
    const policy = answers[2]?.headers["content-security-policy"];
    const ours = "http://acme\\.portal\\.localhost:3000/scripts/[0-9a-f]{12}";
    expect(policy, "runs this very script (SEC52)").toMatch(
      new RegExp(`script-src ${ours}/signed-out\\.js;.* worker-src ${ours}/password-judge\\.js;`),
    );
    expect(answers[2]?.headers).not.toHaveProperty("link");
  });

  test("is sent in what a client takes, from the same copy", async () => {
    const plain = (await ask()).bytes.toString();
    const br = await ask({ headers: { "accept-encoding": "gzip, br" } });
    const gzip = await ask({ headers: { "accept-encoding": "gzip" } });
    expect([br.headers["content-encoding"], gzip.headers["content-encoding"]]).toEqual(["br", "gzip"]);
    expect([brotliDecompressSync(br.bytes), gunzipSync(gzip.bytes)].map(String)).toEqual([plain, plain]);
    expect(br.headers.vary).toContain("accept-encoding");
    expect(asked).toHaveLength(1);
  });

  test("is told the length of to HEAD, from the same copy", async () => {
    const { bytes } = await ask();
    const head = await ask({ method: "HEAD" });
    expect([head.headers["content-length"], head.bytes.length, asked.length]).toEqual([
      `${bytes.length}`,
      0,
      1,
    ]);
  });

  test("is made anew for another version of the firm, another firm, and another theme", async () => {
    await ask();
    firm = { ...firm, version: 2, name: "ACME & Co" };
    expect((await ask()).bytes.toString()).toContain("ACME & Co");
    firm = { ...firm, id: "another" as TenantId, name: "Globex" };
    expect((await ask()).bytes.toString()).toContain("Globex");
    expect((await withCookie("__Host-theme=dark")).bytes.toString()).toContain("theme=dark");
    expect((await ask()).bytes.toString()).toContain("<body>Globex </body>");
    expect(asked).toHaveLength(4);
  });
});

/** Asks before Next has answered any of them, and lets it answer then. */
async function askAtOnce(...all: Asked[]): Promise<Answer[]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  const answers = Promise.all(all.map((one) => ask(one)));
  await expect.poll(() => arrived).toBe(all.length);
  resolve();
  return answers;
}

describe("of several who ask at once for what is not kept (PERF6)", () => {
  test("one has it made, and the others are sent the same, each in what they take", async () => {
    const inBrotli = { headers: { "accept-encoding": "br" } };
    const [first, br, head] = await askAtOnce({}, inBrotli, { method: "HEAD" });
    expect(asked).toHaveLength(1);
    expect(first?.bytes.toString()).toContain("<body>ACME </body>");
    expect(brotliDecompressSync(br?.bytes ?? "")).toEqual(first?.bytes);
    expect([head?.status, head?.bytes.length]).toEqual([200, 0]);
    const policies = [first, br, head].map((answer) => answer?.headers["content-security-policy"]);
    expect(new Set(policies).size).toBe(1);
  });

  test("nobody is sent what turns out to be somebody else's alone", async () => {
    alsoDo = (response) => response.setHeader("set-cookie", `number=${randomBytes(4).toString("hex")}`);
    const answers = await askAtOnce({}, {}, {});
    expect(new Set(answers.map(({ headers }) => String(headers["set-cookie"]))).size).toBe(3);
    expect(asked).toHaveLength(3);
  });

  test("nor what went wrong", async () => {
    alsoDo = (response) => {
      response.statusCode = asked.length > 1 ? 200 : 500;
    };
    expect((await askAtOnce({}, {})).map(({ status }) => status)).toContain(500);
    expect((await ask()).status).toBe(200);
  });

  test("nobody waits for somebody who has gone: one of those who are there has it made", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    const { port } = server.address() as AddressInfo;
    const gone = request({ host: "127.0.0.1", port, path: PATH }).on("error", () => {});
    gone.end();
    await expect.poll(() => asked).toHaveLength(1);
    const others = [ask(), ask()];
    await expect.poll(() => arrived).toBe(3);
    held = Promise.resolve();
    gone.destroy();
    for (const { status } of await Promise.all(others)) expect(status).toBe(200);
    expect(asked).toHaveLength(2);
    resolve();
  });
});

describe("nothing is kept of a page, nor taken from what is kept,", () => {
  const attempts: [string, Asked][] = [
    ["that somebody asks for with a session", { headers: { cookie: "__Host-session=abc" } }],
    ["that somebody asks for half signed in", { headers: { cookie: "__Host-pending=abc" } }],
    ["with a query", { path: "/sign-in?next=%2Fmembers" }],
    ["that a form is posted to", { method: "POST", headers: { "content-length": "0" } }],
    ["behind a mailed link", { path: "/reset-password" }],
  ];

  test.each(attempts)("%s", async (_, attempt) => {
    await ask();
    for (const time of [1, 2]) {
      await ask(attempt);
      expect(asked).toHaveLength(1 + time);
    }
    expect((await ask()).bytes.toString()).toContain("<body>ACME </body>");
  });

  test("whose answer gives the browser a cookie", async () => {
    alsoDo = (response) => response.setHeader("set-cookie", "a=b");
    expect((await ask()).headers["set-cookie"]).toEqual(["a=b"]);
    alsoDo = () => {};
    expect((await ask()).headers).not.toHaveProperty("set-cookie");
    expect(asked).toHaveLength(2);
  });

  test.each([303, 404, 500])("whose answer is %i, which is sent as it is", async (status) => {
    alsoDo = (response) => {
      response.statusCode = status;
    };
    for (const time of [1, 2]) {
      const answer = await ask();
      expect([answer.status, asked.length]).toEqual([status, time]);
      expect(answer.bytes.toString()).toContain("<script nonce=");
    }
  });
});

describe("what is left to the framework:", () => {
  test("other pages, and those of no firm", async () => {
    expect((await ask({ path: "/members" })).bytes.toString()).toContain("<script nonce=");
    firm = { ...firm, slug: "" };
    expect((await ask()).bytes.toString()).toContain("<script nonce=");
  });

  test("a document that is not as it is known", async () => {
    alsoDo = (response) => response.write("<template id='B:0'></template>");
    const { status, bytes, headers } = await ask();
    expect([status, headers["content-security-policy"]]).toEqual([200, undefined]);
    expect(bytes.toString()).toContain("<script nonce=");
    await ask();
    expect(asked, "and is not kept").toHaveLength(2);
  });

  test("an action that an older page calls", async () => {
    const { bytes } = await ask({ method: "POST", headers: { "next-action": "abc", "content-length": "0" } });
    expect(bytes.toString()).toContain("<script nonce=");
  });
});

describe("what the framework asks for to draw by itself is answered with nothing to draw", () => {
  test.each([false, true])("when it is Next itself: %s", async (itself) => {
    isItself = itself;
    const { status, headers, bytes } = await ask({ path: "/sign-in?_rsc=1", headers: { rsc: "1" } });
    isItself = false;
    expect([status, bytes.length, asked.length]).toEqual([200, 0, 0]);
    expect(headers["content-type"]).toContain("text/html");
  });
});
