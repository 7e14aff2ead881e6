import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { closeDatabase } from "#db/client.ts";
import { DEMO_FIRMS } from "#db/seeds/demo-firms.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { connectDemoProvider } from "./demo/connect-demo-provider.ts";
import { connectDemoSaml } from "./demo/connect-demo-saml.ts";
import { demoSamlKey } from "./demo/saml-key.ts";
import { type DemoCredential, seedFirm } from "./seed-firm.ts";

const file = join(env().PORTAL_DATA_DIR, "demo-credentials.json");

const [origin] = env().PORTAL_DEMO_ISSUERS;
const clientSecret = env().PORTAL_DEMO_CLIENT_SECRET;

for (const firm of DEMO_FIRMS) {
  // Its people sign in through the built-in provider and not otherwise.
  if (firm.signsInBy && !clientSecret) continue;
  if (await findTenant(firm.slug)) continue;
  const made = await seedFirm(firm);
  await keep([...(await kept()).filter(({ slug }) => slug !== firm.slug), ...made]);
  log().info({ firm: firm.slug }, "demo firm made");
}
for (const { slug } of DEMO_FIRMS.filter(({ signsInBy }) => signsInBy)) {
  const tenant = await findTenant(slug);
  if (!tenant || !origin || !clientSecret) continue;
  await connectDemoProvider(tenant.id, { issuer: `${origin}/oidc`, clientSecret });
  await connectDemoSaml(tenant.id, { origin, key: await demoSamlKey(new Date()) });
}
await closeDatabase();

async function kept(): Promise<DemoCredential[]> {
  const text = await readFile(file, "utf8").catch(() => "[]");
  return JSON.parse(text) as DemoCredential[];
}

/** Readable for its owner only, and whole at any moment. */
async function keep(credentials: DemoCredential[]): Promise<void> {
  await writeFile(`${file}.part`, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.part`, file);
}
