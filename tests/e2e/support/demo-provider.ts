import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import type { PortalFacts } from "./portal-process.ts";

const kept = ({ dataDir }: PortalFacts, file: string) => readFileSync(join(dataDir, file), "utf8").trim();

/** The built-in provider of OpenID Connect, as this portal knows it. */
export const demoIssuer = (facts: PortalFacts) => ({
  issuer: `http://127.0.0.1:${kept(facts, "demo-providers-port")}/oidc`,
  clientSecret: kept(facts, "demo-client-secret"),
});

/** Lets a firm of the test's own sign in there too, made the way the demo's third firm is made. */
export async function connectFirm(facts: PortalFacts, slug: string): Promise<string> {
  const { connectDemoProvider } = await import("#lib/boot/demo/connect-demo-provider.ts");
  const { findTenant } = await import("#lib/tenancy/find-tenant.ts");
  const tenant = await findTenant(slug);
  if (!tenant) throw new Error(`There is no firm ${slug}.`);
  return connectDemoProvider(tenant.id, demoIssuer(facts), `${slug}.example`);
}

/** Leaves a firm's sign-in page for the provider. */
export async function leaveForProvider(page: Page, firm: string, next = "/account/profile"): Promise<void> {
  await page.goto(`${firm}/sign-in?next=${next}`);
  await page.getByRole("button", { name: "Sign in with Initech single sign-on" }).click();
}

/** Says who somebody is at the provider, and gives the way back instead of going it. */
export async function wayBackOf(context: BrowserContext, page: Page, person: string): Promise<URL> {
  const request = { maxRedirects: 0 };
  const said = await context.request.post(page.url(), { ...request, form: { person } });
  const answered = await context.request.get(said.headers().location ?? "", request);
  return new URL(answered.headers().location ?? "");
}
