import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closeDatabase } from "#db/client.ts";
import type { DemoFirm, DemoPerson } from "#db/seeds/demo-firms.ts";
import { PASSWORDS, type Password, passwordsOfRun } from "./passwords.ts";
import type { PortalFacts } from "./portal-process.ts";

export type Person = DemoPerson & { username: string; password: string };

export type Firm = {
  slug: string;
  name: string;
  url: string;
  host: string;
  /** By the first name: ada and alan administer, ravi is a regular user, tom may only read, the others are contacts. */
  people: Record<"ada" | "alan" | "ravi" | "tom" | "marta" | "priya" | "john", Person>;
};

export const person = (name: string, group: DemoPerson["group"]): DemoPerson => {
  const first = (name.split(" ")[0] ?? name).toLowerCase();
  const kind = group === "contact" ? "contact" : "staff";
  const email = `${first}@${kind === "contact" ? "customer" : "staff"}.example`;
  return { kind, name, group, email, ...(kind === "staff" && { username: first }) };
};

const PEOPLE = [
  person("Ada Morgan", "administrator"),
  person("Alan Reed", "administrator"),
  person("Ravi Patel", "regular"),
  person("Tom Becker", "read_only"),
  person("Marta Kowalska", "contact"),
  person("Priya Shah", "contact"),
  person("John Teague", "contact"),
];

const CLIENTS = {
  "Kowalska Studio": ["marta@customer.example", "john@customer.example"],
  "Harbor Wholesale": ["priya@customer.example"],
};

/** A firm of the test's own, with people in it and whom the test wants besides, made the way the demo firms are made. */
export async function aFirm(
  { apexHost, appUrl, dataDir }: PortalFacts,
  besides: DemoPerson[] = [],
): Promise<Firm> {
  await pointAtDatabase(appUrl, dataDir, apexHost);
  // Not before the settings are there: they are read once.
  const { seedFirm, demoPassword } = await import("#lib/boot/seed-firm.ts");
  const slug = `e2e-${randomBytes(5).toString("hex")}`;
  const everybody = [...PEOPLE, ...besides];
  const firm: DemoFirm = {
    slug,
    name: `Firm ${slug}`,
    accent: "#7c3aed",
    people: everybody,
    clients: CLIENTS,
  };
  const credentials = await seedFirm(firm, () => nextPassword(demoPassword));
  const people = everybody.map((one, index) => {
    const { username = "", password = "" } = credentials[index] ?? {};
    return [one.email.split("@")[0], { ...one, username, password }];
  });
  const host = `${slug}.${apexHost}`;
  return { slug, name: firm.name, host, url: `http://${host}`, people: Object.fromEntries(people) };
}

const passwords = passwordsOfRun();
let taken = 0;

/** After so many one comes again, which no two people of one story ever have. */
async function nextPassword(make: () => Promise<Password>): Promise<Password> {
  const index = taken++ % PASSWORDS;
  const password = passwords[index] ?? (await make());
  passwords[index] = password;
  return password;
}

/** The product's own code runs here, once against the shared portal and once against a test's own. */
async function pointAtDatabase(appUrl: string, dataDir: string, apexHost: string): Promise<void> {
  if (process.env.DATABASE_APP_URL === appUrl) return;
  await closeDatabase();
  process.env.DATABASE_APP_URL = appUrl;
  process.env.PORTAL_DATA_DIR = dataDir;
  process.env.PORTAL_URL = `http://${apexHost}`;
  process.env.PORTAL_KEYS ??= readFileSync(join(dataDir, "keys"), "utf8").trim();
  process.env.SMTP_URL ??= "smtp://127.0.0.1:9";
  process.env.MAIL_FROM ??= "nobody@portal.localhost";
}
