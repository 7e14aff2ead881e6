import { isIP } from "node:net";
import { type SQL, sql } from "drizzle-orm";
import { rateLimits } from "#db/schema/rate-limits.ts";
import type { TenantDb } from "#db/tenant.ts";
import { after, SECOND } from "./clock.ts";

/** At most `burst` at once, then one every `everySeconds`. */
export type RateLimit = { key: string; burst: number; everySeconds: number };

/**
 * Takes one from each allowance, until one is used up: then false, and those after it are untouched. Name the source's
 * first and the firm's last, or one source could use up what all share.
 */
export async function takeAllowances(db: TenantDb, limits: RateLimit[]): Promise<boolean> {
  const [row] = await db.execute<{ taken: boolean }>(
    sql`select take_allowances(${allowancesAsArrays(limits)}) as taken`,
  );
  return row?.taken === true;
}

/** Allowances as the database's functions take them: keys, bursts, seconds. */
export function allowancesAsArrays(limits: RateLimit[]): SQL {
  const keys = sql.param(limits.map(({ key }) => key));
  const bursts = sql.param(limits.map(({ burst }) => burst));
  const every = sql.param(limits.map(({ everySeconds }) => everySeconds));
  return sql`${keys}::text[], ${bursts}::integer[], ${every}::double precision[]`;
}

/** The keys of those allowances that have nothing left right now. Takes nothing. */
export async function usedUp(db: TenantDb, now: Date, limits: RateLimit[]): Promise<Set<string>> {
  const byKey = new Map(limits.map((limit) => [limit.key, limit]));
  const held = await db
    .select({ key: rateLimits.key, wholeAt: rateLimits.wholeAt })
    .from(rateLimits)
    .where(sql`${rateLimits.key} = any(${sql.param([...byKey.keys()])}::text[])`);
  const spent = held.filter(({ key, wholeAt }) => {
    const { burst = 0, everySeconds = 0 } = byKey.get(key) ?? {};
    return wholeAt > after(now, (burst - 1) * everySeconds * SECOND);
  });
  return new Set(spent.map(({ key }) => key));
}

/**
 * What counts as one source: an IPv4 address, or the /64 of an IPv6 one, since whoever has one of its addresses has
 * them all (SEC13).
 */
export function sourceOf({ source }: { source: string }): string {
  if (isIP(source) !== 6) return source;
  const [head = "", tail = ""] = new URL(`http://[${source}]`).hostname.slice(1, -1).split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail.split(":").filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return `${[...left, ...zeros, ...right].slice(0, 4).join(":")}::/64`;
}

/** Makes an allowance whole again, as after a success. */
export async function restoreAllowance(db: TenantDb, key: string): Promise<void> {
  await db.execute(sql`delete from rate_limits where key = ${key}`);
}
