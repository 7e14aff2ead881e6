import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { env } from "#lib/core/env.ts";
import { lookUpTexts } from "#lib/core/resolver.ts";
import { isRoutable } from "#lib/core/routable-address.ts";
import { type FetchTrouble, safeFetch } from "#lib/core/safe-fetch.ts";
import { aNameServer, type Zone } from "#tests/support/dns-server.ts";
import { changeSettings } from "#tests/support/settings.ts";

/** Somebody's own service: whoever reaches it has left the public internet. */
const canary = createTcpServer((socket) => {
  reached += 1;
  socket.destroy();
});
let reached = 0;
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  port = (canary.address() as AddressInfo).port;
});

const open: { close: () => unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  changeSettings({ DNS_SERVERS: undefined, PORTAL_DEMO_ISSUERS: undefined, PORTAL_DEMO: undefined });
  expect(reached, "the canary was reached").toBe(0);
});

afterAll(() => void canary.close());

async function names(zone: Zone) {
  const server = await aNameServer(zone);
  open.push(server);
  changeSettings({ DNS_SERVERS: server.address });
  return server;
}

function troubleOf(address: string, asked?: Parameters<typeof safeFetch>[1]): Promise<string> {
  return safeFetch(address, { timeoutMs: 1500, ...asked }).then(
    ({ status }) => `answered ${status}`,
    (error: FetchTrouble) => error.code,
  );
}

describe("an address that somebody typed leads to no network of our own (SEC69, 004-02)", () => {
  const LITERALS = [
    ...["127.0.0.1", "127.1", "127.255.255.254", "0.0.0.0", "0", "2130706433", "0x7f000001", "0x7f.1"],
    ...["0177.0.0.1", "017700000001", "127.0.0.1.", "①②⑦.0.0.1", "127。0。0。1", "%31%32%37.0.0.1"],
    ...["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"],
    ...["169.254.169.254", "0xa9fea9fe", "2852039166", "100.100.100.200", "168.63.129.16", "192.0.0.192"],
    ...["192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "192.88.99.1", "224.0.0.1", "239.1.1.1"],
    ...["240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]"],
    ...["[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]"],
    ...["[2001::1]", "[2001:db8::1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[fec0::1]"],
    ...["[3fff::1]", "[5f00::1]", "[100::1]"],
  ];

  test.each(LITERALS)("%s is refused as it stands", async (host) => {
    expect(await troubleOf(`https://${host}:${port}/`)).toBe("forbidden_address");
  });

  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "100.64.9.9",
    "0.0.0.0",
    "::1",
    "fe80::1",
    "fd12::1",
    "::ffff:7f00:1",
  ])("a name that leads to %s is refused", async (address) => {
    await names({ "idp.example": { addresses: [address] } });
    expect(await troubleOf(`https://idp.example:${port}/`)).toBe("forbidden_address");
  });

  test("one private address among public ones is enough", async () => {
    await names({
      "idp.example": { addresses: ["1.1.1.1", "127.0.0.1"] },
      "six.example": { addresses: ["1.1.1.1", "::1"] },
    });
    expect(await troubleOf(`https://idp.example:${port}/`)).toBe("forbidden_address");
    expect(await troubleOf(`https://six.example:${port}/`)).toBe("forbidden_address");
  });

  test("a name that changes its answer is asked once, and the connection goes to what was judged (rebinding)", async () => {
    const server = await names({
      "idp.example": [{ addresses: ["192.31.196.1"] }, { addresses: ["127.0.0.1"] }],
    });
    expect(["unreachable", "too_slow"]).toContain(
      await troubleOf(`https://idp.example:${port}/`, { timeoutMs: 300 }),
    );
    expect(server.asked).toEqual(["idp.example 1", "idp.example 28"]);
  });

  test.each(["localhost", "localhost.", "LOCALHOST", "sub.localhost", "ip6-localhost"])(
    "the machine's own names mean nothing: %s",
    async (host) => {
      await names({});
      expect(await troubleOf(`https://${host}:${port}/`)).toBe("name_not_found");
    },
  );

  test("a trailing dot makes no other name of it", async () => {
    await names({ "idp.example": { addresses: ["127.0.0.1"] } });
    expect(await troubleOf(`https://idp.example.:${port}/`)).toBe("forbidden_address");
  });

  test("no name server, no fetch", async () => {
    const server = await names({});
    await server.close();
    open.length = 0;
    expect(await troubleOf("https://idp.example/", { timeoutMs: 1500 })).toBe("unreachable");
  });

  test.each([
    ["http://1.1.1.1:PORT/", "not_https"],
    ["ftp://1.1.1.1:PORT/", "not_https"],
    ["file:///etc/passwd", "not_https"],
    ["data:text/plain,hello", "not_https"],
    ["https://user:word@1.1.1.1:PORT/", "has_credentials"],
    ["https://idp.example@127.0.0.1:PORT/", "has_credentials"],
    ["https://1.1.1.1:25/", "forbidden_port"],
    ["https://1.1.1.1:22/", "forbidden_port"],
    ["https://1.1.1.1:0/", "forbidden_port"],
    ["//idp.example/", "bad_address"],
    ["https://", "bad_address"],
    ["https://idp.example:99999/", "bad_address"],
    ["https://300.1.1.1/", "bad_address"],
  ])("%s is refused as %s", async (address, code) => {
    expect(await troubleOf(address.replace("PORT", String(port)))).toBe(code);
  });

  test("addresses of the internet are none of these", () => {
    for (const address of [
      "1.1.1.1",
      "172.15.0.1",
      "172.32.0.1",
      "100.63.0.1",
      "100.128.0.1",
      "223.255.255.255",
      "2606:4700::1111",
      "2a00::1",
    ]) {
      expect(isRoutable(address), address).toBe(true);
    }
    for (const nothing of ["", "localhost", "1.1.1", "::g"]) expect(isRoutable(nothing)).toBe(false);
  });
});

/** A provider on loopback that the launcher has named, so that what it answers can be seen. */
async function aProvider(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => closeAll(server) });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  changeSettings({ PORTAL_DEMO: "1", PORTAL_DEMO_ISSUERS: origin });
  return origin;
}

function closeAll(server: Server & { closeAllConnections?: () => void }) {
  server.closeAllConnections?.();
  server.close();
}

describe("what a server answers is bounded (SEC69)", () => {
  test.each([301, 302, 303, 307, 308])("a redirect (%i) is not followed", async (status) => {
    const origin = await aProvider((_request, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${port}/` }).end();
    });
    expect(await troubleOf(origin)).toBe("redirected");
  });

  test("a body that is too long is not read to its end, whether or not its length was told", async () => {
    const endless = await aProvider((_request, response) => {
      const more = () => response.write("x".repeat(16_384)) && setImmediate(more);
      response.on("drain", more);
      more();
    });
    expect(await troubleOf(endless, { maxBytes: 100_000 })).toBe("too_large");
    const told = await aProvider((_request, response) => {
      response.writeHead(200, { "content-length": "999999999" }).write("x");
    });
    expect(await troubleOf(told)).toBe("too_large");
  });

  test("a body that never ends, or never begins, is given up", async () => {
    const dripping = await aProvider((_request, response) => {
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    });
    expect(await troubleOf(dripping, { timeoutMs: 200 })).toBe("too_slow");
    const silent = await aProvider(() => undefined);
    expect(await troubleOf(silent, { timeoutMs: 200 })).toBe("too_slow");
  });

  test("a compressed body is refused: it may be a thousand times its size", async () => {
    const origin = await aProvider((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end("x");
    });
    expect(await troubleOf(origin)).toBe("encoded");
  });

  test("headers without an end, and what is no HTTP, are refused", async () => {
    const origin = await aProvider((_request, response) => {
      response.writeHead(200, { "x-long": "x".repeat(100_000) }).end();
    });
    expect(await troubleOf(origin)).toBe("unreachable");
    expect(await troubleOf(origin.replace(/:\d+$/, ":1"))).toBe("not_https");
  });

  test("what fits is handed over with its status", async () => {
    const origin = await aProvider((request, response) => {
      response.writeHead(201, { "content-type": "application/json", "x-method": request.method ?? "" });
      request.pipe(response);
    });
    const answer = await safeFetch(`${origin}/path`, { method: "POST", body: '{"a":1}' });
    expect([answer.status, answer.headers.get("x-method"), await answer.json()]).toEqual([
      201,
      "POST",
      { a: 1 },
    ]);
  });
});

describe("the demo's providers are the one exception (DEC18)", () => {
  test("they are reached by exactly the origin that was named", async () => {
    const origin = await aProvider((_request, response) => void response.end("ok"));
    expect(await troubleOf(`${origin}/`)).toBe("answered 200");
    const other = `http://127.0.0.1:${port}`;
    expect(await troubleOf(other)).toBe("not_https");
    expect(await troubleOf(origin.replace("127.0.0.1", "localhost"))).toBe("not_https");
    expect(await troubleOf(origin.replace("http://", "http://user@"))).toBe("has_credentials");
  });

  test.each([
    ["without the demo", { PORTAL_DEMO: undefined }],
    ["on a real portal", { PORTAL_DEMO: "1", PORTAL_URL: "https://portal.example.com" }],
    ["for another machine", { PORTAL_DEMO: "1", PORTAL_DEMO_ISSUERS: "http://10.0.0.1:4000" }],
  ])("the portal does not start with them %s", (_, settings) => {
    changeSettings({ PORTAL_DEMO_ISSUERS: "http://127.0.0.1:4000", ...settings });
    expect(() => env()).toThrow(/demo/);
    changeSettings({ PORTAL_URL: "http://portal.localhost:3000", PORTAL_DEMO_ISSUERS: undefined });
  });
});

test("the records of a name are read whole, and a name server that is away says nothing about them (SEC67)", async () => {
  const server = await names({ "firm.example": { texts: ["portal=abc", "v=spf1 -all"] } });
  expect(await lookUpTexts("firm.example")).toEqual(["portal=abc", "v=spf1 -all"]);
  expect(await lookUpTexts("other.example")).toEqual([]);
  await server.close();
  open.length = 0;
  await expect(lookUpTexts("firm.example")).rejects.toThrow("No name server");
});
