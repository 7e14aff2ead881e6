import { eq } from "drizzle-orm";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { SIGNAL_WORDS, type Signal } from "#lib/policy/risk.ts";

/** What was unusual about the sign-in of a session, in sentences for its owner and the firm (F6). */
export async function unusualAbout(db: TenantDb, sessionId: string): Promise<string[]> {
  const [session] = await db
    .select({ signals: sessions.signals })
    .from(sessions)
    .where(eq(sessions.id, sessionId));
  return inSentences(session?.signals ?? []);
}

export function inSentences(signals: readonly string[]): string[] {
  return signals.flatMap((signal) => SIGNAL_WORDS[signal as Signal] ?? []);
}
