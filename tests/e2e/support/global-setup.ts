import { hashPasswords } from "./passwords.ts";
import { startPortal } from "./portal-process.ts";

/** One portal of two server processes for all tests; each test brings a firm or people of its own. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const [{ stop, ...facts }] = await Promise.all([
    startPortal("e2e-portal", { processes: 2 }),
    hashPasswords(),
  ]);
  process.env.TEST_PORTAL_FACTS = JSON.stringify(facts);
  return stop;
}
