import { isIP } from "node:net";
import { sql } from "drizzle-orm";
import type { TenantDb } from "#db/tenant.ts";

/** At most `burst` at once, then one every `everySeconds`. */
export type RateLimit = { key: string; burst: number; everySeconds: number };

/**
 * Takes one from each allowance, until one is used up: then false, and those after it are untouched. Name the source's
 * first and the firm's last, or one source could use up what all share.
 */
export async function takeAllowances(db: TenantDb, limits: RateLimit[]): Promise<boolean> {
  const keys = sql.param(limits.map(({ key }) => key));
  const bursts = sql.param(limits.map(({ burst }) => burst));
  const every = sql.param(limits.map(({ everySeconds }) => everySeconds));
  const [row] = await db.execute<{ taken: boolean }>(
    sql`select take_allowances(${keys}::text[], ${bursts}::integer[], ${every}::double precision[]) as taken`,
  );
  return row?.taken === true;
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
