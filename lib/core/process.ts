/**
 * One instance per process of what must not be doubled. What boot bundles and what Next bundles are two
 * instances of every module; globalThis is the one place that they share.
 */
export function processSingleton<T>(name: string, create: () => T): T {
  const shared = globalThis as unknown as Record<symbol, Record<string, unknown>>;
  shared[slot] ??= {};
  const singletons = shared[slot];
  singletons[name] ??= create();
  return singletons[name] as T;
}

const slot = Symbol.for("portal");
