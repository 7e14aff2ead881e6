import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { findServing } from "#lib/auth/sso/configuration.ts";
import { findProviderSession } from "#lib/auth/sso/provider-sessions.ts";
import { acceptSamlAnswer } from "#lib/auth/sso/saml/accept-saml-answer.ts";
import { startSaml } from "#lib/auth/sso/saml/start-saml.ts";
import { startSamlLogout } from "#lib/auth/sso/saml/start-saml-logout.ts";
import { takeSamlLogout } from "#lib/auth/sso/saml/take-saml-logout.ts";
import { connectDemoSaml } from "#lib/boot/demo/connect-demo-saml.ts";
import { type DemoSaml, demoSamlProvider } from "#lib/boot/demo/saml-provider.ts";
import { visitorOf, worthOf } from "#tests/support/contexts.ts";
import { samlKey } from "#tests/support/saml-provider.ts";
import { changeSettings } from "#tests/support/settings.ts";
import { aTenant } from "#tests/support/tenants.ts";

let demo: DemoSaml;
let close: () => void;

beforeAll(async () => {
  const { key: privateKey, certificate } = await samlKey("demo");
  const server = createServer((request, response) => {
    request.url = request.url?.replace(/^\/saml/, "");
    void demoSamlProvider(demo.origin, demo.key)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // As the launcher says it in demo mode.
  changeSettings({ PORTAL_DEMO: "1", PORTAL_DEMO_ISSUERS: `http://127.0.0.1:${port}` });
  demo = { origin: `http://127.0.0.1:${port}`, key: { privateKey, certificate } };
  close = () => void server.close();
});

afterAll(() => close());

const fieldIn = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1]?.replaceAll("&#61;", "=") ?? "";

test("somebody signs in by the demo's SAML provider, and out of it (DEC18, G2, G9)", async () => {
  const tenant = await aTenant();
  const id = await connectDemoSaml(tenant.id, demo);
  expect(await connectDemoSaml(tenant.id, demo)).toBe(id);
  const serving = await withTenant(tenant.id, (db) => findServing(db, id));
  if (!serving) throw new Error("Nothing serves.");
  const { token, leave } = await startSaml(visitorOf(tenant), serving, { next: "/", purpose: "sign_in" });
  const address = "location" in leave ? leave.location : "";
  expect(await (await fetch(address)).text()).toContain("Noor Haddad");

  const chosen = new URLSearchParams({ person: "noor" });
  const page = await (await fetch(address, { method: "POST", body: chosen })).text();
  const outcome = await acceptSamlAnswer(visitorOf(tenant), {
    ...{ connectionId: id, flowToken: token },
    samlResponse: fieldIn(page, "SAMLResponse"),
    relayState: fieldIn(page, "RelayState"),
  });
  if (!("session" in outcome)) throw new Error(`It was refused: ${JSON.stringify(outcome)}`);
  const { session } = outcome;
  expect(await worthOf(tenant, session)).toBe("full");

  const came = await withTenant(tenant.id, (db) => findProviderSession(db, session.sessionId));
  const out = came && (await startSamlLogout(visitorOf(tenant), came));
  const back = (await fetch(out ?? "", { redirect: "manual" })).headers.get("location") ?? "";
  const { search } = new URL(back);
  const taken = await takeSamlLogout(visitorOf(tenant), id, { search, name: "SAMLResponse" });
  expect(taken).toEqual({ outcome: "done" });
});

test("it answers nobody but the firms of this portal (DEC18)", async () => {
  const tenant = await aTenant();
  const serving = await withTenant(tenant.id, async (db) =>
    findServing(db, await connectDemoSaml(tenant.id, demo)),
  );
  if (!serving) throw new Error("Nothing serves.");
  const stranger = { ...tenant, slug: "x.evil.example/" };
  const { leave } = await startSaml({ ...visitorOf(tenant), tenant: stranger }, serving, {
    ...{ next: "/", purpose: "sign_in" as const },
  });
  const answer = await fetch("location" in leave ? leave.location : "");
  expect(answer.status).toBe(400);
});
