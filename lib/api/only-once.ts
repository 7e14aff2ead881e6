import { and, eq } from "drizzle-orm";
import { idempotencyKeys } from "#db/schema/api-tokens.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { after, DAY, MINUTE } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { DomainError, invalid } from "#lib/core/errors.ts";

type Once = { key: string; request: Request; text: string; secret: boolean };

type Row = typeof idempotencyKeys.$inferSelect;

/** How long an answer is kept for repetitions. */
const KEPT_MS = DAY;

/** Whoever has no answer by then was stopped in between, and answers no more. */
const AT_WORK_MS = MINUTE;

const ASK_AGAIN_SECONDS = 5;

/** The headers of an answer that its repetition has too. */
const REPEATED = ["content-type", "location", "etag"];

/** The Idempotency-Key of a request; throws invalid for one that is none. */
export function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalid({ "idempotency-key": ["Use 1 to 255 letters, digits and signs without spaces."] });
  }
  return key;
}

/**
 * Does the work of a key once: its repetition within a day is given the same answer. What was refused changed nothing,
 * so its key is free again.
 * @throws DomainError invalid where the key belongs to another request, conflict while the first is at work
 */
export async function onlyOnce(ctx: Context, once: Once, work: () => Promise<Response>): Promise<Response> {
  const memberId = ctx.actor?.memberId ?? "";
  const claim = { memberId, key: once.key, fingerprint: fingerprintOf(ctx, once) };
  const claimed = await withTenant(ctx.tenant.id, (db, now) => take(db, now, claim));
  if ("earlier" in claimed) return repeated(claimed.earlier, once);
  const response = await workOrRelease(ctx, claimed.row, work);
  // What has been done is not given free at once when its answer cannot be kept; only its minute at work ends the claim.
  await (response.ok ? keep(ctx, claimed.row, once, response.clone()) : release(ctx, claimed.row));
  return response;
}

async function workOrRelease(ctx: Context, row: Row, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    await release(ctx, row);
    throw error;
  }
}

/** The same method, address and body are the same request, while whoever sends it may see as much as then. */
function fingerprintOf({ actor }: Context, { request, text }: Once): Buffer {
  const { pathname, search } = new URL(request.url);
  const sight = [actor?.clientScope, [...(actor?.permissions ?? [])].sort()];
  return sha256(JSON.stringify([request.method, pathname, search, text, sight]));
}

type Claim = Pick<Row, "memberId" | "key" | "fingerprint">;

async function take(db: TenantDb, now: Date, claim: Claim): Promise<{ row: Row } | { earlier: Row }> {
  const [row] = await db
    .insert(idempotencyKeys)
    .values({ ...claim, createdAt: now })
    .onConflictDoNothing()
    .returning();
  if (row) return { row };
  const [earlier] = await db.select().from(idempotencyKeys).where(ofKey(claim)).for("update");
  if (!earlier) throw atWork();
  const isOver = after(earlier.createdAt, KEPT_MS) <= now;
  if (!isOver && !earlier.fingerprint.equals(claim.fingerprint)) throw anotherRequest();
  if (!isOver && earlier.status !== null) return { earlier };
  if (!isOver && after(earlier.createdAt, AT_WORK_MS) > now) throw atWork();
  const anew = { ...claim, createdAt: now, status: null, headers: null, body: null };
  await db.update(idempotencyKeys).set(anew).where(ofKey(claim));
  return { row: { ...earlier, ...anew } };
}

function ofKey({ memberId, key }: Pick<Row, "memberId" | "key">) {
  return and(eq(idempotencyKeys.memberId, memberId), eq(idempotencyKeys.key, key));
}

function atWork(): DomainError {
  const message = "A request with this Idempotency-Key is being answered. Ask again in a few seconds.";
  return new DomainError("conflict", message, { retryAfterSeconds: ASK_AGAIN_SECONDS });
}

function anotherRequest(): DomainError {
  const message = "This Idempotency-Key belongs to another request. Use a new one for each.";
  return invalid({ "idempotency-key": [message] }, message);
}

function repeated({ status, headers, body }: Row, { secret }: Once): Response {
  if (secret) {
    throw new DomainError("conflict", "This has been done, and what it gave was shown once. It is not kept.");
  }
  const answer = new Response(body, { status: status ?? 200, headers: headers ?? {} });
  answer.headers.set("cache-control", "no-store");
  answer.headers.set("idempotency-replayed", "true");
  return answer;
}

async function keep(ctx: Context, row: Row, { secret }: Once, response: Response): Promise<void> {
  const headers = Object.fromEntries([...response.headers].filter(([name]) => REPEATED.includes(name)));
  const text = await response.text();
  const answer = secret ? {} : { headers, body: text === "" ? null : text };
  await withTenant(ctx.tenant.id, (db) =>
    db
      .update(idempotencyKeys)
      .set({ status: response.status, ...answer })
      .where(and(ofKey(row), eq(idempotencyKeys.createdAt, row.createdAt))),
  );
}

async function release(ctx: Context, row: Row): Promise<void> {
  await withTenant(ctx.tenant.id, (db) =>
    db.delete(idempotencyKeys).where(and(ofKey(row), eq(idempotencyKeys.createdAt, row.createdAt))),
  );
}
