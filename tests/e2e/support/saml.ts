import type { BrowserContext, Page } from "@playwright/test";
import type { KnownServiceProvider } from "./simplesamlphp.ts";

/** As people read it on the button. */
export const CONNECTION = "SimpleSAMLphp";

/** Connects a firm to a provider by its metadata, as the wizard does, and says what the provider has to know of it. */
export async function connectFirmBySaml(slug: string, metadata: string): Promise<KnownServiceProvider> {
  const { readMetadata } = await import("#lib/auth/sso/saml/read-metadata.ts");
  const { serviceProvider } = await import("#lib/auth/sso/saml/service-provider.ts");
  const { findTenant } = await import("#lib/tenancy/find-tenant.ts");
  const { aSamlConnection } = await import("#tests/support/saml-connection.ts");
  const { changeSettings } = await import("#tests/support/settings.ts");
  const { samlKey } = await import("#tests/support/saml-provider.ts");
  const tenant = await findTenant(slug);
  if (!tenant) throw new Error(`There is no firm ${slug}.`);
  // It is on this machine, as only the demo's own providers are.
  const [origin = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(metadata) ?? [];
  changeSettings({ PORTAL_DEMO: "1", PORTAL_DEMO_ISSUERS: origin });
  const settings = readMetadata(metadata, new Date());
  const provider = { entityId: settings.entityId, key: "", certificate: settings.certificates[0] ?? "" };
  const claims = { email: "mail", name: "cn", username: "", groups: "groups" };
  const { connection } = await aSamlConnection(tenant, provider, {
    connection: { name: CONNECTION },
    settings: { ...settings, claims, requireEncryption: true },
  });
  const { certificate } = await samlKey("our own");
  return { ...serviceProvider(tenant, connection.id), certificate };
}

export type Brought = { SAMLResponse: string; RelayState: string };

/** Lets a browser bring no answer on: gives what the provider's page would have posted. */
export async function holdAnswers(context: BrowserContext): Promise<() => Promise<Brought>> {
  const waiting: Brought[] = [];
  await context.route(/\/api\/saml\/[^/]+\/acs$/, async (route) => {
    const fields = new URLSearchParams(route.request().postData() ?? "");
    waiting.push({
      SAMLResponse: fields.get("SAMLResponse") ?? "",
      RelayState: fields.get("RelayState") ?? "",
    });
    await route.fulfill({ contentType: "text/html", body: "<h1>Held back</h1>" });
  });
  return async () => {
    const answer = waiting.pop();
    if (!answer) throw new Error("No answer has come.");
    return answer;
  };
}

/** Posts an answer out of a page of nobody's. */
export async function bring(page: Page, acsUrl: string, fields: Brought): Promise<void> {
  await page.goto("about:blank");
  await page.evaluate(
    ([action, values]) => {
      const form = document.createElement("form");
      form.method = "post";
      form.action = action;
      for (const [name, value] of Object.entries(values)) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    },
    [acsUrl, fields] as const,
  );
}
