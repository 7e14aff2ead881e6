import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { answerRequest } from "#lib/boot/front/answer-request.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { send } from "#tests/e2e/support/http.ts";
import { aTokenOf, everything } from "#tests/support/api-tokens.ts";
import { actingAs, hostOf, signIn } from "#tests/support/contexts.ts";
import type { Program } from "#tests/support/deployed.ts";
import { startCaddy, startNginx } from "#tests/support/guarding-proxies.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

type Asked = { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders };

const PAGE = "/tools/report?month=11&of=R%26D%20%2B";
const SIGN_IN = `/sign-in?next=${encodeURIComponent(PAGE)}`;

const FORGED = ["Member", "Username", "Name", "Email", "Group", "Kind", "Permissions", "By"];

describe.each([
  ["nginx", process.env.NGINX ?? "", startNginx],
  ["caddy", process.env.CADDY ?? "", startCaddy],
] as const)("an application behind Debian's %s (DEC17, PERF1):", (_, program, start) => {
  describe.skipIf(!program)("it", () => {
    let proxy: Program;
    let servers: Server[];
    let asked: Asked[];
    /** What the portal was told, and went away without an answer. */
    let unanswered: string[];
    let tenant: Tenant;
    let robin: Member;

    beforeAll(async () => {
      changeSettings({ TRUSTED_PROXIES: "1" });
      const application = await listening((request, response) => {
        const { method, url, headers } = request;
        asked.push({ method, url, headers });
        response.end("the application's own");
      });
      const portal = await listening((request, response) => {
        if (isDropped(request)) return;
        void answerRequest(async () => onlyTheSignIn(request.url, response), request, response);
      });
      servers = [application, portal];
      proxy = await start(program, { portal: portOf(portal), application: portOf(application) });
    });

    beforeEach(async () => {
      asked = [];
      tenant = await aTenant();
      const [username, name] = ["robin", "Zoë Robin"];
      robin = await aMember(tenant, { username, name, password: GOOD_PASSWORD, group: "regular" });
    });

    afterAll(async () => {
      changeSettings({ TRUSTED_PROXIES: undefined });
      await proxy?.stop();
      for (const server of servers ?? []) server.close();
    });

    function isDropped({ method, url = "", socket }: IncomingMessage): boolean {
      const isIt = /^\/api\/(?:auth\/callback|v1\/clients)\//.test(url);
      if (isIt) unanswered.push(`${method} ${url}`);
      if (isIt) socket.destroy();
      return isIt;
    }

    const visit = (path: string, headers: Record<string, string> = {}, method = "GET", at = tenant) =>
      send(proxy.port, path, { method, headers: { host: hostOf(at), accept: "text/html", ...headers } });

    const cookieOf = async () => `__Host-session=${(await signIn(tenant, "robin", GOOD_PASSWORD)).token}`;

    test("leads whoever is signed out to the firm's sign-in, with the way back as it was, and asks the application nothing", async () => {
      const answer = await visit(PAGE);
      expect([answer.status, answer.headers.location]).toEqual([303, SIGN_IN]);
      expect(asked).toEqual([]);
      expect((await visit("/sign-in")).body).toBe("a page of the portal");
    });

    test("tells the application who somebody is, and nothing that the client says of itself", async () => {
      const forged = FORGED.flatMap((name) => [
        [`X-Portal-${name}`, "forged"],
        [`X_Portal_${name}`, "forged"],
        [`x-portal_${name}`, "forged"],
        [`x_portal-${name}`, "forged"],
      ]);
      const answer = await visit(PAGE, { cookie: await cookieOf(), ...Object.fromEntries(forged) });
      expect([answer.status, answer.body]).toEqual([200, "the application's own"]);
      expect(asked).toMatchObject([{ method: "GET", url: PAGE }]);
      const { headers } = asked[0] as Asked;
      expect(headers["x-portal-username"]).toBe("robin");
      expect(decodeURIComponent(String(headers["x-portal-name"]))).toBe("Zoë Robin");
      expect(headers).toMatchObject({ "x-portal-kind": "staff", "x-portal-by": "session" });
      expect(JSON.stringify(headers)).not.toContain("forged");
    });

    test("keeps the session from the application, by cookie and by token", async () => {
      const cookie = await cookieOf();
      await visit(PAGE, { cookie });
      await visit(PAGE, { authorization: `Bearer ${cookie.split("=")[1]}` });
      expect(asked).toHaveLength(2);
      for (const { headers } of asked) {
        expect(headers).toMatchObject({ "x-portal-username": "robin" });
        expect(JSON.stringify(headers)).not.toContain(cookie.split("=")[1]);
      }
    });

    test("can tell a program with an API token from its owner", async () => {
      const ctx = actingAs(tenant, await aMember(tenant), ...everything);
      await visit(PAGE, { authorization: `Bearer ${await aTokenOf(ctx, robin)}` });
      expect(asked[0]?.headers).toMatchObject({ "x-portal-username": "robin", "x-portal-by": "api_token" });
    });

    test("is closed at the next request once the session is revoked (SEC48)", async () => {
      const cookie = await cookieOf();
      expect((await visit(PAGE, { cookie })).status).toBe(200);
      await withTenant(tenant.id, (db, now) => revokeSessions(db, now, robin.id, "ended_by_administrator"));
      const answer = await visit(PAGE, { cookie });
      expect([answer.status, answer.headers.location]).toEqual([303, SIGN_IN]);
      expect(asked).toHaveLength(1);
    });

    test("is closed to a session of another firm (A1)", async () => {
      const cookie = await cookieOf();
      const answer = await visit(PAGE, { cookie }, "GET", await aTenant());
      expect([answer.status, answer.headers.location]).toEqual([303, SIGN_IN]);
      expect(asked).toEqual([]);
    });

    test("is closed to whoever owes a new password first, and leads there", async () => {
      const owes = { username: "tess", password: GOOD_PASSWORD, mustChangePassword: true };
      await aMember(tenant, owes);
      const { token } = await signIn(tenant, "tess", GOOD_PASSWORD);
      const answer = await visit(PAGE, { cookie: `__Host-pending=${token}` });
      expect([answer.status, answer.headers.location]).toEqual([303, "/change-password"]);
      expect(asked).toEqual([]);
    });

    test.each(["POST", "PUT", "DELETE"])(
      "takes no %s of somebody signed out, and leads nowhere",
      async (method) => {
        expect((await visit(PAGE, { "content-length": "0" }, method)).status).toBe(401);
        expect(asked).toEqual([]);
      },
    );

    test("tells a script that it is not signed in, instead of leading it to a page", async () => {
      const script = { "sec-fetch-mode": "cors", accept: "application/json" };
      expect((await visit(PAGE, script)).status).toBe(401);
      expect((await visit(PAGE, { authorization: "Bearer made-up", accept: "*/*" })).status).toBe(401);
      expect(asked).toEqual([]);
    });

    test.each([
      "/tools",
      "//tools/x",
      "/./tools/x",
      "/TOOLS/x",
      "/x/../tools/x",
      "/%74ools/x",
      "/tools%2fx",
      "/tools;x",
    ])("has no side door at %s", async (path) => {
      await visit(path);
      expect(asked).toEqual([]);
    });

    test.each([
      ["GET", "/api/auth/callback/okta?code=once&state=once"],
      ["DELETE", "/api/v1/clients/1"],
    ])("the portal is not told a second time by it what was not answered: %s %s", async (method, path) => {
      // Whoever has just failed to answer is left alone for a second.
      expect((await visit("/sign-in")).status).toBe(200);
      unanswered = [];
      expect((await visit(path, { "content-length": "0" }, method)).status).toBe(502);
      expect(unanswered).toEqual([`${method} ${path}`]);
    });
  });
});

function onlyTheSignIn(url: string | undefined, response: ServerResponse): void {
  response.statusCode = url?.startsWith("/sign-in") ? 200 : 404;
  response.end("a page of the portal");
}

function listening(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
