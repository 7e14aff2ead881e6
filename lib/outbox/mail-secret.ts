import type { outboxEmails } from "#db/schema/outbox.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { mintSetupLink } from "#lib/auth/sso/setup/mint-setup-link.ts";
import { type MintedSecret, mintSecret, SECRET_RULES } from "#lib/auth/tokens/mint-secret.ts";
import { after, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { seal, unseal } from "#lib/core/crypto.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { TEMPLATES, type TemplateName } from "./templates.tsx";

type Row = typeof outboxEmails.$inferSelect;

/** Older than this, a minted secret is made anew, so that a delivered link has at least ten minutes left (S5, REL4). */
const STAYS_FRESH = 5 * MINUTE;

/** One that replaces no other is minted once for all, unless it would run out before a mail server is back. */
const SHORT = HOUR;

/** Whether what was minted for an earlier attempt is sent again. */
export function isFresh({ mintedAt, template }: Row, now: Date): boolean {
  const { purpose } = TEMPLATES[template as TemplateName];
  if (!mintedAt) return false;
  if (!purpose) return true;
  const { replaces, lifetime } = SECRET_RULES[purpose];
  return !(replaces || lifetime < SHORT) || now < after(mintedAt, STAYS_FRESH);
}

/** Makes the secret that a mail carries, and records that there is one. Undefined for a mail that carries none. */
export async function mintFor(
  db: TenantDb,
  { ctx, now, options }: { ctx: Context; now: Date; options: SecurityOptions },
  { id, memberId, toAddress, subjectId, template }: Row,
): Promise<MintedSecret | undefined> {
  const { purpose, mints } = TEMPLATES[template as TemplateName];
  if (mints && subjectId) return { token: await mintSetupLink(db, subjectId), code: undefined };
  if (!purpose || !memberId || !toAddress) return undefined;
  const bare = purpose === "password_reset" && options.recoveryProfile === "link";
  // Whoever answers a notice with "this wasn't me" means what it tells, and the session that did it, where there is one.
  const subject = subjectId ?? (purpose === "freeze" ? id : undefined);
  const wanted = { memberId, purpose, sentToKey: toAddress, subjectId: subject, bare };
  const secret = await mintSecret(db, now, wanted);
  const expiresAt = after(now, SECRET_RULES[purpose].lifetime).toISOString();
  await recordEvent(db, ctx, {
    event: "secret.minted",
    targetId: memberId,
    detail: { purpose, template, expiresAt },
  });
  return secret;
}

export function sealSecret(row: Row, secret: MintedSecret): string {
  return seal("outbox", placeOf(row), JSON.stringify(secret));
}

export function unsealSecret(row: Row): MintedSecret | undefined {
  if (!row.sealedSecret) return undefined;
  return JSON.parse(unseal("outbox", placeOf(row), row.sealedSecret)) as MintedSecret;
}

function placeOf({ tenantId, id }: Row): string {
  return `${tenantId}/outbox_emails.sealed_secret/${id}`;
}
