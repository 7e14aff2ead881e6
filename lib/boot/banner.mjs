import { say } from "./output.mjs";

const DEMO_NOTE = `Sign in at a firm's address with a username and its password. These are the passwords as they were made:
where somebody has chosen another one since, it is not known here. npm run reset makes everything anew.`;

/**
 * @param {import("./settings.mjs").Settings} settings
 * @param {import("./demo.mjs").Credential[]} credentials
 */
export function printBanner(settings, credentials, { embedded, ports }) {
  const firms = [...new Set(credentials.map(({ slug }) => slug))];
  say();
  say("The portal is ready.");
  say();
  for (const slug of firms) say(`  ${firmUrl(settings.portalUrl, slug)}`);
  say(`  ${settings.portalUrl.origin}`);
  if (settings.hasInbox) say(`  ${settings.portalUrl.origin}/dev/inbox   (mail that the portal sent)`);
  if (ports.length > 1) say(`  processes on ports ${ports.join(", ")}`);
  if (firms.length > 0) say(`\n${DEMO_NOTE}`);
  for (const slug of firms) printFirm(credentials.filter((credential) => credential.slug === slug));
  say();
  if (embedded)
    say("Evaluation: the database is the embedded one. Set DATABASE_URL to run on your own PostgreSQL.");
  say("Ctrl-C stops everything.");
  say();
}

function printFirm(credentials) {
  const [{ firm, slug }] = credentials;
  say();
  say(`  ${firm} (${slug})`);
  const width = (column) => Math.max(...credentials.map((credential) => credential[column].length));
  const [role, username] = [width("role"), width("username")];
  for (const one of credentials) {
    say(`    ${one.role.padEnd(role)}   ${one.username.padEnd(username)}   ${one.password}`);
  }
}

function firmUrl(portalUrl, slug) {
  const url = new URL(portalUrl);
  url.hostname = `${slug}.${portalUrl.hostname}`;
  return url.origin;
}
