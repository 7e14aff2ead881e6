import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startCaddy, startNginx } from "#tests/support/guarding-proxies.ts";
import { aFirm } from "./support/firm.ts";
import { location } from "./support/http.ts";
import { expect, portalOf, test } from "./support/portal.ts";

const PAGE = "/tools/report?month=11&of=R%26D%20%2B";

for (const [name, program, start] of [
  ["nginx", process.env.NGINX ?? "", startNginx],
  ["caddy", process.env.CADDY ?? "", startCaddy],
] as const) {
  test(`an application behind Debian's ${name} leads whoever is signed out to the firm's sign-in, and back once they are in (PERF1)`, async ({
    facts,
    browser,
    source,
  }) => {
    test.skip(!program, `Debian's ${name}`);
    const application = createServer((_, response) => void response.end("the application's own"));
    await new Promise<void>((resolve) => application.listen(0, "127.0.0.1", resolve));
    const { port } = application.address() as AddressInfo;
    const proxy = await start(program, { portal: facts.ports[0] ?? 0, application: port });
    try {
      const { slug, url, people } = await aFirm(facts);
      const visitor = portalOf({ ...facts, ports: [proxy.port] }, browser, source).visitor(slug);

      const visit = () => visitor.ask(PAGE, { headers: { accept: "text/html" } });
      const signIn = `/sign-in?next=${encodeURIComponent(PAGE)}`;

      const led = await visit();
      expect([led.status, location(led)]).toEqual([303, signIn]);
      const { username, password } = people.ravi;
      const fill = { identifier: username, password };
      const answer = await visitor.submit(signIn, { form: "Sign in", fill });
      expect([answer.status, location(answer)]).toEqual([303, PAGE]);
      const back = await visit();
      expect([back.status, back.body]).toEqual([200, "the application's own"]);

      const headers = { origin: url, "content-type": "application/x-www-form-urlencoded" };
      await visitor.ask("/sign-out", { method: "POST", headers, body: "" });
      expect(location(await visit())).toBe(signIn);
    } finally {
      await proxy.stop();
      application.close();
    }
  });
}
