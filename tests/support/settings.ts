/** What the product reads from its environment during a test. The keys are of the tests and of nothing else. */
export const SETTINGS = {
  NODE_ENV: "test",
  PORTAL_URL: "http://portal.localhost:3000",
  PORTAL_KEYS: "a-key-that-only-the-tests-know-0001",
  SMTP_URL: "smtp://127.0.0.1:9",
  MAIL_FROM: "portal@portal.localhost",
} as const;

/** Changes settings for the rest of the process, or until they are changed again. The product reads them anew. */
export function changeSettings(changes: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const name of Object.keys(singletons())) if (DERIVED.test(name)) delete singletons()[name];
}

/** What the product keeps for the life of its process and makes from its settings. */
const DERIVED = /^(?:env|smtp|resolver|keys:.*)$/;

const before = { ...process.env };

/** What is the same in every file of tests, and what takes long to make. */
const LASTING = new Set(["log", "password-strength", "dummy-hash"]);

/** Settings and what the product keeps in its process as they were, though it has been loaded for another file of tests. */
export function beginAnew(): void {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  for (const name of Object.keys(singletons())) if (!LASTING.has(name)) delete singletons()[name];
}

/** The product's own place for what must not be doubled (lib/core/process.ts). */
export function singletons(): Record<string, unknown> {
  const shared = globalThis as unknown as Record<symbol, Record<string, unknown> | undefined>;
  const slot = Symbol.for("portal");
  shared[slot] ??= {};
  return shared[slot];
}
