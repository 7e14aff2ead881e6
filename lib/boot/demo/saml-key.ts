import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeOwnKey, type OwnKey } from "#lib/auth/sso/saml/own-key.ts";
import { env } from "#lib/core/env.ts";

/** What the demo's SAML provider signs with: made once, since connections pin it. Whoever comes first makes it. */
export async function demoSamlKey(now: Date): Promise<OwnKey> {
  const file = join(env().PORTAL_DATA_DIR, "demo-saml-key.json");
  if (!existsSync(file)) {
    const made = await makeOwnKey(now, "Demo identity provider");
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, "utf8"));
}
