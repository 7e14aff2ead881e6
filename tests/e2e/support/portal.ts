import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, test as base, expect } from "@playwright/test";
import { type Database, databaseOf } from "./database.ts";
import { aFirm, type Firm } from "./firm.ts";
import { linksIn, type Mail, mailOn, untilMail } from "./inbox.ts";
import type { PortalFacts } from "./portal-process.ts";
import { visitAsRobots } from "./robots.ts";
import { aVisitor, type Place, type Visitor } from "./visitor.ts";

type Credential = { slug: string; role: string; username: string; password: string };

export type Portal = {
  facts: PortalFacts;
  /** The demo firm ACME Corporation. */
  url: string;
  apex: string;
  /** The address of a firm. */
  firm: (slug: string) => string;
  host: (slug: string) => string;
  credentials: (role: string, slug?: string) => Credential;
  /** The next mail to an address, after the robots have been at every link of it. */
  emailTo: (address: string, options?: { at?: string; subject?: RegExp }) => Promise<Mail>;
  /** How many mails an address has got so far. */
  countMailTo: (address: string, at?: string) => Promise<number>;
  /** Somebody at a firm without a browser. */
  visitor: (slug: string, options?: Partial<Place>) => Visitor;
};

type Fixtures = {
  /** The address that this test comes from. */
  source: string;
  portal: Portal;
  /** A firm of this test's own. */
  firm: Firm;
};

export const test = base.extend<Fixtures, { facts: PortalFacts; database: Database }>({
  facts: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from this pattern.
    async ({}, use) => use(JSON.parse(process.env.TEST_PORTAL_FACTS ?? "") as PortalFacts),
    { scope: "worker" },
  ],
  database: [
    async ({ facts }, use) => {
      const database = databaseOf(facts.ownerUrl);
      await use(database);
      await database.end();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from this pattern.
  source: async ({}, use) => use(aSource()),
  extraHTTPHeaders: async ({ source }, use) => use({ "x-forwarded-for": source }),
  portal: async ({ facts, browser, source }, use) => use(portalOf(facts, browser, source)),
  firm: async ({ facts }, use) => use(await aFirm(facts)),
});

export { expect };

export function portalOf(facts: PortalFacts, browser: Browser, source: string): Portal {
  const port = facts.ports[0] ?? 0;
  const host = (slug: string) => `${slug}.${facts.apexHost}`;
  const seen = new Set<string>();
  const inbox = (slug: string) => mailOn(port, host(slug));

  return {
    facts,
    url: `http://${host("acme")}`,
    apex: `http://${facts.apexHost}`,
    host,
    firm: (slug) => `http://${host(slug)}`,
    credentials: (role, slug = "acme") => credentialOf(facts, role, slug),
    visitor: (slug, options) => aVisitor({ port, host: host(slug), source, ...options }),
    countMailTo: async (address, at = "acme") =>
      (await inbox(at)).filter((mail) => mail.to === address.toLowerCase() && isMeant(mail)).length,
    async emailTo(address, { at = "acme", subject } = {}) {
      const isNew = (mail: Mail) =>
        mail.to === address.toLowerCase() && isMeant(mail, subject) && !seen.has(messageId(mail));
      const mail = await untilMail(() => inbox(at), isNew, `to ${address} at ${at}`);
      seen.add(messageId(mail));
      for (const link of linksIn(mail)) await visitAsRobots(link, { browser, port, source: aSource() });
      return mail;
    },
  };
}

/** A sign-in in a new browser tells its owner; a test that is not about that does not hear of it. */
const isMeant = ({ subject }: Mail, wanted?: RegExp): boolean =>
  wanted ? wanted.test(subject) : !subject.startsWith("New sign-in");

const messageId = ({ headers }: Mail): string => headers["message-id"] ?? "";

function credentialOf({ dataDir }: PortalFacts, role: string, slug: string): Credential {
  const all = JSON.parse(readFileSync(join(dataDir, "demo-credentials.json"), "utf8")) as Credential[];
  const found = all.find((one) => one.slug === slug && (one.role === role || one.username === role));
  if (!found) throw new Error(`There is no ${role} at ${slug}.`);
  return found;
}

/** An address that no other test comes from. */
function aSource(): string {
  const part = () => 1 + Math.floor(Math.random() * 250);
  return `10.${part()}.${part()}.${part()}`;
}
