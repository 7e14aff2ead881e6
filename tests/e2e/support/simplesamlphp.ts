import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { samlKey } from "#tests/support/saml-provider.ts";

/** Where Debian puts it. */
const PROGRAM = "/usr/share/simplesamlphp/www";

/** A service provider as SimpleSAMLphp has to know it. */
export type KnownServiceProvider = {
  entityId: string;
  acsUrl: string;
  logoutUrl: string;
  certificate: string;
};

export type SimpleSamlPhp = {
  /** Its metadata, as an administrator would copy it. */
  metadata: () => Promise<string>;
  /** Lets these send people to it. */
  know: (serviceProviders: KnownServiceProvider[]) => void;
  stop: () => void;
};

/** A real identity provider that nobody here has written: Debian's SimpleSAMLphp, with one person who has a password. */
export async function startSimpleSamlPhp(php: string): Promise<SimpleSamlPhp> {
  const dir = mkdtempSync(join(tmpdir(), "simplesamlphp-"));
  for (const name of ["metadata", "cert", "log", "data", "tmp"]) mkdirSync(join(dir, name));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await writeSettings(dir, origin);
  // Not a word of it on the screen: it tells each request.
  const server = spawn(php, ["-S", `127.0.0.1:${port}`, "-t", PROGRAM], {
    detached: true,
    env: { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: dir, PHP_CLI_SERVER_WORKERS: "2" },
    stdio: "ignore",
  });
  const metadata = () => text(`${origin}/saml2/idp/metadata.php`);
  await ready(metadata);
  return {
    metadata,
    know: (all) => writeFileSync(join(dir, "metadata", "saml20-sp-remote.php"), remote(all)),
    // With its workers, which outlive it else.
    stop: () => void (server.pid && process.kill(-server.pid)),
  };
}

export const UPSTREAM_PERSON = { username: "robin", password: "only at the provider" };

async function writeSettings(dir: string, origin: string): Promise<void> {
  const { key, certificate } = await samlKey("simplesamlphp");
  writeFileSync(join(dir, "cert", "provider.key"), key);
  writeFileSync(join(dir, "cert", "provider.crt"), certificate);
  writeFileSync(
    join(dir, "config.php"),
    `<?php $config = ${php({
      ...{
        baseurlpath: `${origin}/`,
        certdir: `${dir}/cert/`,
        loggingdir: `${dir}/log/`,
        datadir: `${dir}/data/`,
      },
      ...{ tempdir: `${dir}/tmp`, metadatadir: `${dir}/metadata/`, "logging.handler": "file" },
      ...{ secretsalt: "of this test alone", "auth.adminpassword": "never used", "enable.saml20-idp": true },
      ...{ timezone: "UTC", "store.type": "phpsession", "session.phpsession.savepath": `${dir}/data` },
      ...{ "session.cookie.secure": false, "session.cookie.samesite": null, "session.cookie.path": "/" },
      ...{ "module.enable": { exampleauth: true, core: true, saml: true }, "language.default": "en" },
      ...{ "metadata.sources": [{ type: "flatfile", directory: `${dir}/metadata` }] },
      ...{ "trusted.url.domains": null, production: true },
    })};`,
  );
  writeFileSync(
    join(dir, "authsources.php"),
    `<?php $config = ${php({
      people: {
        0: "exampleauth:UserPass",
        [`${UPSTREAM_PERSON.username}:${UPSTREAM_PERSON.password}`]: {
          ...{ uid: ["robin"], mail: ["robin@firm.example"], cn: ["Robin Upstream"], groups: ["staff"] },
        },
      },
    })};`,
  );
  writeFileSync(
    join(dir, "metadata", "saml20-idp-hosted.php"),
    `<?php $metadata['${origin}/idp'] = ${php({
      ...{ host: "__DEFAULT__", privatekey: "provider.key", certificate: "provider.crt", auth: "people" },
      ...{ "signature.algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" },
      ...{
        "attributes.NameFormat": "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
        "sign.logout": true,
      },
      authproc: {
        3: {
          ...{ class: "saml:AttributeNameID", attribute: "uid" },
          Format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        },
      },
    })};`,
  );
}

function remote(all: KnownServiceProvider[]): string {
  const redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
  const entries = all.map(({ entityId, acsUrl, logoutUrl, certificate }) => {
    const settings = {
      ...{ AssertionConsumerService: acsUrl, certData: certificate.replace(/-----[^-]+-----|\s/g, "") },
      SingleLogoutService: [{ Binding: redirect, Location: logoutUrl }],
      ...{ "assertion.encryption": true, "validate.authnrequest": true, "sign.logout": true },
      NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    };
    return `$metadata['${entityId}'] = ${php(settings)};`;
  });
  return `<?php\n${entries.join("\n")}\n`;
}

/** A value as PHP writes it. */
function php(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(php).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(
      ([key, one]) => `${/^\d+$/.test(key) ? key : php(key)} => ${php(one)}`,
    );
    return `[${pairs.join(", ")}]`;
  }
  return typeof value === "string" ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}

async function text(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 2000)}`);
  return answer.text();
}

async function ready(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return void (await ask());
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
