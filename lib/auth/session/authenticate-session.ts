import { recordRefusal } from "#lib/audit/record-refusal.ts";
import type { Context } from "#lib/core/context.ts";
import { readSession, type SessionReading } from "./read-session.ts";
import { reportReuse } from "./report-reuse.ts";

/**
 * Whom the session token of a request stands for. One that this firm never gave is refused, and recorded: it may be another
 * firm's (A1).
 */
export async function authenticateSession(ctx: Context, token: string): Promise<SessionReading> {
  const reading = await readSession(ctx.tenant, ctx.origin.host, token);
  if (reading.state === "none") await recordSuspicion(ctx, reading);
  return reading;
}

/** Writes down what comes of no mistake: made up tokens, those of other hosts, and copied ones. */
export async function recordSuspicion(
  ctx: Context,
  reading: Extract<SessionReading, { state: "none" }>,
): Promise<void> {
  if (reading.reason === "reused") await reportReuse(ctx, reading);
  else if (SUSPICIOUS.has(reading.reason)) await recordRefusal(ctx, "session", `${reading.reason}_token`);
}

const SUSPICIOUS = new Set(["unknown", "wrong_host"]);
