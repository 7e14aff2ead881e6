import { and, eq, ne } from "drizzle-orm";
import { outboxEmails } from "#db/schema/outbox.ts";
import { tenants } from "#db/schema/tenancy.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { recordEvent } from "#lib/audit/record-event.ts";
import { holdSetupLink } from "#lib/auth/sso/setup/mint-setup-link.ts";
import { mayUse } from "#lib/auth/tokens/find-secret.ts";
import type { MintedSecret } from "#lib/auth/tokens/mint-secret.ts";
import { after, HOUR } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { lockMember, type Member } from "#lib/members/find-member.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { systemContext } from "#lib/tenancy/system-context.ts";
import { isFresh, mintFor, sealSecret, unsealSecret } from "./mail-secret.ts";
import { renderMail, TEMPLATES, type TemplateName } from "./templates.tsx";
import { type Delivery, type OutgoingMail, sendMail } from "./transport.ts";

type Row = typeof outboxEmails.$inferSelect;
type Firm = typeof tenants.$inferSelect;

/** After this long a mail is given up and shown as failed. */
const GIVE_UP_AFTER = 24 * HOUR;

/**
 * Makes the secret and stores it sealed, sends, then records the delivery: three steps, so that a crash between any
 * two repeats the same mail under the same Message-ID and loses none (REL2, DEC15).
 * @returns whether to come back later
 */
export async function deliverEmail(tenantId: TenantId, emailId: string): Promise<"done" | "later"> {
  const prepared = await withTenant(tenantId, (db, now) => prepare(db, now, emailId));
  if (!prepared) return "done";

  const delivery = await sendMail(await compose(prepared));
  log().info({ emailId, messageId: prepared.row.messageId, ...delivery }, "mail attempted");
  return withTenant(tenantId, (db, now) => recordDelivery(db, now, prepared, delivery));
}

type Prepared = {
  row: Row;
  firm: Firm;
  ctx: Context;
  secret: MintedSecret | undefined;
  username: string | undefined;
};

/** Claims the mail and mints what it carries. Undefined when there is nothing (more) to send. */
async function prepare(db: TenantDb, now: Date, emailId: string): Promise<Prepared | undefined> {
  const { row, member } = await claim(db, emailId);
  const [firm] = await db.select().from(tenants);
  if (row?.status !== "queued" || !firm) return undefined;
  const ctx = systemContext(contextTenant(firm));
  const obstacle =
    (await obstacleTo(db, now, { row, firm, member })) ?? (await obstacleToSetUp(db, now, row));
  if (obstacle) {
    await settle(db, { row, ctx }, { status: "suppressed", reason: obstacle, because: obstacle });
    return undefined;
  }
  const { options } = await readSecurityOptions(db);
  const fresh = isFresh(row, now);
  const secret = fresh ? unsealSecret(row) : await mintFor(db, { ctx, now, options }, row);
  const changes = {
    attempts: row.attempts + 1,
    ...(!fresh && { messageId: newMessageId(), mintedAt: now }),
    ...(!fresh && secret && { sealedSecret: sealSecret(row, secret) }),
  };
  const [claimed] = await db
    .update(outboxEmails)
    .set(changes)
    .where(eq(outboxEmails.id, emailId))
    .returning();
  const named = !secret || options.usernameInMail;
  return claimed && { row: claimed, firm, ctx, secret, username: named ? member?.username : undefined };
}

/** The mail, after its owner's account: a reset locks the account first too, and then takes back what is queued. */
async function claim(
  db: TenantDb,
  emailId: string,
): Promise<{ row: Row | undefined; member: Member | undefined }> {
  const thisMail = eq(outboxEmails.id, emailId);
  const [promised] = await db.select().from(outboxEmails).where(thisMail);
  const member = promised?.memberId ? await lockMember(db, promised.memberId) : undefined;
  const [row] = await db.select().from(outboxEmails).where(thisMail).for("update");
  return { row, member };
}

/** Much can change while a mail waits: a link goes only to whoever may use it, at the address it was promised to (B9). */
async function obstacleTo(
  db: TenantDb,
  now: Date,
  { row, firm, member }: { row: Row; firm: Firm; member: Member | undefined },
): Promise<string | undefined> {
  if (firm.status !== "enabled") return "firm_disabled";
  const { purpose } = TEMPLATES[row.template as TemplateName];
  if (!purpose) return undefined;
  const secret = { purpose, sentToKey: row.toAddress ?? "" };
  return member && (await mayUse(db, now, member, secret)) ? undefined : "owner_changed";
}

/** A set-up link may have run out, or been taken back, while its mail waited. */
async function obstacleToSetUp(db: TenantDb, now: Date, row: Row): Promise<string | undefined> {
  if (!TEMPLATES[row.template as TemplateName].mints) return undefined;
  return (await holdSetupLink(db, now, row.subjectId ?? "")) ? undefined : "link_ended";
}

async function compose({ row, firm, secret, username }: Prepared): Promise<OutgoingMail> {
  const template = row.template as TemplateName;
  const facts = {
    firmName: firm.name,
    accent: firm.accent ?? undefined,
    props: row.props,
    url: linkOf(template, firm, secret),
    secret,
    username,
  };
  return {
    ...(await renderMail(template, facts)),
    messageId: row.messageId ?? "",
    firmSlug: firm.slug,
    firmName: firm.name,
    to: row.toAddress ?? "",
    date: row.mintedAt ?? row.createdAt,
  };
}

function linkOf(template: TemplateName, firm: Firm, secret: MintedSecret | undefined): string {
  const { page, typed } = TEMPLATES[template];
  const url = `${firmOrigin(firm.slug)}/${page}`;
  return secret && !typed ? `${url}/${secret.token}` : url;
}

async function recordDelivery(
  db: TenantDb,
  now: Date,
  mail: Prepared,
  delivery: Delivery,
): Promise<"done" | "later"> {
  if (delivery.outcome === "sent") {
    await settle(db, mail, { status: "sent", sentAt: now, reason: null });
    return "done";
  }
  const { error: reason } = delivery;
  const givenUp = now >= after(mail.row.createdAt, GIVE_UP_AFTER);
  if (delivery.outcome === "refused" || givenUp) {
    const because = delivery.outcome === "refused" ? "bounced" : "given_up";
    await settle(db, mail, { status: "failed", reason, because });
    return "done";
  }
  const waiting = and(eq(outboxEmails.id, mail.row.id), eq(outboxEmails.status, "queued"));
  await db.update(outboxEmails).set({ reason }).where(waiting);
  return "later";
}

type End = {
  status: "sent" | "failed" | "suppressed";
  reason: string | null;
  sentAt?: Date;
  /** The reason as the audit log keeps it: what a mail server says may hold an address. */
  because?: string;
};

/** Records how it ended, once; the sealed secret goes with it. */
async function settle(
  db: TenantDb,
  { row, ctx }: Pick<Prepared, "row" | "ctx">,
  { because, ...end }: End,
): Promise<void> {
  const ended = await db
    .update(outboxEmails)
    .set({ ...end, sealedSecret: null })
    .where(and(eq(outboxEmails.id, row.id), ne(outboxEmails.status, end.status)))
    .returning({ id: outboxEmails.id });
  if (ended.length === 0) return;
  await recordEvent(db, ctx, {
    event: `mail.${end.status}`,
    targetId: row.memberId ?? undefined,
    reason: because,
    detail: { template: row.template },
  });
}

function contextTenant({ id, slug, name }: Firm) {
  return { id: id as TenantId, slug, name };
}

function newMessageId(): string {
  return `<${crypto.randomUUID()}@${env().PORTAL_URL.hostname}>`;
}
