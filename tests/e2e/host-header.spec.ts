import { connect } from "node:net";
import { send } from "./support/http.ts";
import { mailOn } from "./support/inbox.ts";
import { expect, test } from "./support/portal.ts";
import { askForReset } from "./support/wire.ts";

const EVIL = "evil.attacker.example";

/** Headers by which an attacker, or a careless proxy, could name another host than the one that was asked. */
const FORGED: Record<string, string>[] = [
  { "x-forwarded-host": EVIL },
  { "x-forwarded-host": `${EVIL}, acme.portal.localhost` },
  { "x-forwarded-host": "globex.portal.localhost" },
  { "x-forwarded-host": "127.0.0.1" },
  { "x-forwarded-host": "localhost:3000" },
  { "x-forwarded-host": "" },
  { "x-forwarded-proto": "javascript" },
  { "x-forwarded-proto": "https", "x-forwarded-host": EVIL, "x-forwarded-port": "443" },
  { "x-forwarded-port": "31337" },
  { "x-forwarded-server": EVIL },
  { "x-host": EVIL, "x-original-host": EVIL, "x-http-host-override": EVIL },
  { "x-original-url": `http://${EVIL}/`, "x-rewrite-url": `http://${EVIL}/` },
  { forwarded: `host=${EVIL};proto=https` },
  { forwarded: `for=1.2.3.4;host="${EVIL}:443"` },
  { forwarded: `host="globex.portal.localhost"` },
  { referer: `http://${EVIL}/sign-in` },
  { origin: `http://${EVIL}` },
  { origin: "http://globex.portal.localhost" },
  { "x-portal-stamp": "eyJob3N0IjoiZXZpbCJ9.AAAA" },
  { "x-matched-path": `//${EVIL}/`, "x-invoke-path": `http://${EVIL}/`, "x-nextjs-data": "1" },
];

test("no header changes the host of a mailed link (SEC25, INC23)", async ({ portal, facts, firm }) => {
  const people = Object.values(firm.people);
  let promised = 0;
  for (const [index, headers] of FORGED.entries()) {
    const email = people[index % people.length]?.email ?? "";
    const answer = await askForReset(portal.visitor(firm.slug), email, headers);
    const isForeign = "origin" in headers;
    expect(answer.status, JSON.stringify(headers)).toBe(isForeign ? 403 : 303);
    if (!isForeign) promised += 1;
  }
  const inbox = () => mailOn(facts.ports[0] ?? 0, firm.host);
  await expect.poll(async () => (await inbox()).length, { timeout: 30_000 }).toBe(promised);
  for (const { link, text, html } of await inbox()) {
    expect(link.startsWith(`${firm.url}/reset-password/`)).toBe(true);
    expect(text + html).not.toContain(EVIL);
    for (const [, host] of html.matchAll(/https?:\/\/([^/"'\s<]+)\/reset-password/g)) {
      expect(host).toBe(firm.host);
    }
  }
});

test("a host decides by its exact name, in whatever case; every other form of it is nobody's (SEC55)", async ({
  portal,
  facts,
  firm,
}) => {
  const port = facts.ports[0] ?? 0;
  const ask = (host: string) => send(port, "/sign-in", { headers: { host } });
  for (const host of [firm.host, firm.host.toUpperCase(), firm.host.replace("portal", "PorTal")]) {
    const answer = await ask(host);
    expect(answer.status, host).toBe(200);
    expect(answer.body, host).toContain(firm.name);
  }
  const nobodys = [
    `nobody.${facts.apexHost}`,
    `www.${facts.apexHost}`,
    `a.${firm.host}`,
    firm.host.replace(":", ".:"),
    `${firm.host.split(":")[0]}:1`,
    `${firm.host.split(":")[0]}`,
    `${firm.host.split(":")[0]}:`,
    `äcme.${facts.apexHost}`,
    `xn--cme-pla.${facts.apexHost}`,
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    EVIL,
    `${firm.host}@${EVIL}`,
    `${firm.slug}`,
    "",
  ];
  const [unknown] = await Promise.all([ask(nobodys[0] ?? "")]);
  for (const host of nobodys) {
    for (const answer of [await ask(host), await ask(host)]) {
      expect([answer.status, answer.body], `Host: ${host}`).toEqual([404, unknown?.body]);
      expect(answer.body).not.toContain(firm.name);
    }
  }
  const apex = await portal.visitor("acme", { host: facts.apexHost }).ask("/");
  expect(apex.status).toBe(200);
  expect(apex.body, "the apex names no firm").not.toContain("ACME");
  const [, icon = "none"] = /<link rel="icon" href="([^"]+)"/.exec(apex.body) ?? [];
  expect((await portal.visitor("acme", { host: facts.apexHost }).ask(icon)).status, icon).toBe(200);
  expect((await portal.visitor("acme", { host: facts.apexHost }).ask("/sign-in")).status).toBe(404);
});

test("two hosts, no host and an absolute address are refused before anything looks at them (SEC55, INC3)", async ({
  facts,
  firm,
}) => {
  const canary = await aCanary();
  const other = `acme.${facts.apexHost}`;
  const requests = {
    "two hosts": `GET /sign-in HTTP/1.1\r\nHost: ${firm.host}\r\nHost: ${other}\r\n`,
    "no host": "GET /sign-in HTTP/1.1\r\n",
    "absolute address": `GET http://${other}/sign-in HTTP/1.1\r\nHost: ${firm.host}\r\n`,
    "absolute address elsewhere": `GET http://127.0.0.1:${canary.port}/ HTTP/1.1\r\nHost: ${firm.host}\r\n`,
    "network path": `GET //127.0.0.1:${canary.port}/ HTTP/1.1\r\nHost: ${firm.host}\r\n`,
    "host of the canary": `GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:${canary.port}\r\n`,
  };
  const statuses: Record<string, string> = {};
  for (const [name, head] of Object.entries(requests)) {
    statuses[name] = await statusOf(facts.ports[0] ?? 0, `${head}Connection: close\r\n\r\n`);
  }
  expect(statuses).toEqual({
    "two hosts": "404",
    "no host": "400",
    "absolute address": "400",
    "absolute address elsewhere": "400",
    "network path": "400",
    "host of the canary": "404",
  });
  expect(await canary.close(), "connections that the portal opened").toBe(0);
});

/** The status of an answer to bytes that no client library would send. */
function statusOf(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "no answer"));
    socket.setTimeout(10_000, () => socket.destroy());
  });
}

/** A port that nobody has a reason to connect to. */
async function aCanary() {
  const { createServer } = await import("node:net");
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  const close = () => new Promise<number>((closed) => server.close(() => closed(connections)));
  return { port, close };
}
