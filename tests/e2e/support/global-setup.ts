import { freePorts, startPortal } from "./portal-process.ts";

/**
 * One portal of two server processes for all tests; each test brings a firm or people of its own. It takes one place on
 * loopback for an identity provider, where a story may have one listen.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const [port] = await freePorts(1);
  const issuer = `http://127.0.0.1:${port}`;
  const env = { PORTAL_DEMO_ISSUERS: issuer };
  const { stop, ...facts } = await startPortal("e2e-portal", { processes: 2, env });
  process.env.TEST_DEMO_ISSUER = issuer;
  process.env.TEST_PORTAL_FACTS = JSON.stringify(facts);
  return stop;
}
