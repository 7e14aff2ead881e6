import { SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { processSingleton } from "#lib/core/process.ts";

/** Firms and names that are nobody's are kept apart: whoever makes names up pushes out no firm. */
const MOST_FIRMS = 10_000;
const MOST_STRANGERS = 1_000;

/** The net below what the database tells: nothing is believed for longer. */
const KEPT_MS = 10 * SECOND;

type Kept = { tenant: Tenant | undefined; until: number };

type Cache = {
  firms: Map<string, Kept>;
  strangers: Map<string, Kept>;
  /** Look-ups under way. Whatever changes takes them out, and what they bring is not kept then. */
  lookUps: Map<string, Promise<Tenant | undefined>>;
  /** Whether the database tells this process of changes. As long as it does not, nothing is kept. */
  isTold: boolean;
};

/**
 * The firm of a slug as it is kept, or as `ask` brings it. What is kept is good for one version, which each reading of a
 * session is held against; what a person may do is never kept (PERFORMANCE 5).
 */
export function cachedFirm(
  slug: string,
  ask: (slug: string) => Promise<Tenant | undefined>,
): Promise<Tenant | undefined> | Tenant | undefined {
  const cache = firmCache();
  if (!cache.isTold) return ask(slug);
  const kept = cache.firms.get(slug) ?? cache.strangers.get(slug);
  if (kept && performance.now() < kept.until) {
    if (kept.tenant) moveToEnd(cache.firms, slug, kept);
    return kept.tenant;
  }
  return cache.lookUps.get(slug) ?? lookUp(cache, slug, ask);
}

/** Forgets one firm: what was kept of it is out of date. */
export function forgetFirm(slug: string): void {
  const { firms, strangers, lookUps } = firmCache();
  firms.delete(slug);
  strangers.delete(slug);
  lookUps.delete(slug);
}

/** Forgets all of them, and says whether anything is kept from here on. */
export function beginFirmCacheAnew({ isTold }: { isTold: boolean }): void {
  const cache = firmCache();
  cache.isTold = isTold;
  cache.firms.clear();
  cache.strangers.clear();
  cache.lookUps.clear();
}

function firmCache(): Cache {
  return processSingleton("firm-cache", () => ({
    firms: new Map(),
    strangers: new Map(),
    lookUps: new Map(),
    isTold: false,
  }));
}

async function lookUp(
  cache: Cache,
  slug: string,
  ask: (slug: string) => Promise<Tenant | undefined>,
): Promise<Tenant | undefined> {
  const asked = ask(slug);
  cache.lookUps.set(slug, asked);
  const isCurrent = () => cache.lookUps.get(slug) === asked;
  try {
    const tenant = await asked;
    if (isCurrent()) keep(cache, slug, tenant);
    return tenant;
  } finally {
    if (isCurrent()) cache.lookUps.delete(slug);
  }
}

function keep({ firms, strangers }: Cache, slug: string, tenant: Tenant | undefined): void {
  const [place, other, most] = tenant
    ? ([firms, strangers, MOST_FIRMS] as const)
    : ([strangers, firms, MOST_STRANGERS] as const);
  other.delete(slug);
  moveToEnd(place, slug, { tenant, until: performance.now() + KEPT_MS });
  const [oldest] = place.size > most ? place.keys() : [];
  if (oldest !== undefined) place.delete(oldest);
}

/** A Map keeps the order in which its keys came: what was used last stands last. */
function moveToEnd(place: Map<string, Kept>, slug: string, kept: Kept): void {
  place.delete(slug);
  place.set(slug, kept);
}
