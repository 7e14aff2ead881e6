import { eq } from "drizzle-orm";
import { outboxEmails } from "#db/schema/outbox.ts";
import { tenants } from "#db/schema/tenancy.ts";
import { type TenantDb, type TenantId, withTenant } from "#db/tenant.ts";
import { mayUse } from "#lib/auth/tokens/find-secret.ts";
import { type MintedSecret, mintSecret } from "#lib/auth/tokens/mint-secret.ts";
import { after, HOUR, MINUTE } from "#lib/core/clock.ts";
import { seal, unseal } from "#lib/core/crypto.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { findMemberById, lockMember } from "#lib/members/find-member.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { renderMail, TEMPLATES, type TemplateName } from "./templates.tsx";
import { type OutgoingMail, sendMail } from "./transport.ts";

type Row = typeof outboxEmails.$inferSelect;
type Firm = typeof tenants.$inferSelect;

/** Older than this, a minted secret is made anew, so that a delivered link has at least ten minutes left (S5, REL4). */
const SECRET_STAYS_FRESH = 5 * MINUTE;
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
  return withTenant(tenantId, async (db, now) => {
    const givenUp = now >= after(prepared.row.createdAt, GIVE_UP_AFTER);
    if (delivery.outcome === "sent") await settle(db, emailId, { status: "sent", sentAt: now, reason: null });
    else if (delivery.outcome === "refused" || givenUp)
      await settle(db, emailId, { status: "failed", reason: delivery.error });
    else await db.update(outboxEmails).set({ reason: delivery.error }).where(eq(outboxEmails.id, emailId));
    return delivery.outcome === "later" && !givenUp ? "later" : "done";
  });
}

type Prepared = { row: Row; firm: Firm; secret: MintedSecret | undefined };

/** Claims the mail and mints what it carries. Undefined when there is nothing (more) to send. */
async function prepare(db: TenantDb, now: Date, emailId: string): Promise<Prepared | undefined> {
  const row = await claim(db, emailId);
  const [firm] = await db.select().from(tenants);
  if (row?.status !== "queued" || !firm) return undefined;
  const obstacle = await obstacleTo(db, row, firm);
  if (obstacle) {
    await settle(db, emailId, { status: "suppressed", reason: obstacle });
    return undefined;
  }
  const fresh = row.mintedAt !== null && now < after(row.mintedAt, SECRET_STAYS_FRESH);
  const secret = fresh ? unsealSecret(row) : await mint(db, now, row);
  // A mail without a secret is the same mail however late it goes.
  const renew = !row.messageId || (!fresh && secret !== undefined);
  const changes = {
    attempts: row.attempts + 1,
    ...(renew && { messageId: newMessageId(), mintedAt: now }),
    ...(renew && secret && { sealedSecret: seal("outbox", placeOf(row), JSON.stringify(secret)) }),
  };
  const [claimed] = await db
    .update(outboxEmails)
    .set(changes)
    .where(eq(outboxEmails.id, emailId))
    .returning();
  return claimed && { row: claimed, firm, secret };
}

/** The mail, after its owner's account: a reset locks the account first too, and then takes back what is queued. */
async function claim(db: TenantDb, emailId: string): Promise<Row | undefined> {
  const thisMail = eq(outboxEmails.id, emailId);
  const [promised] = await db.select().from(outboxEmails).where(thisMail);
  if (promised?.memberId) await lockMember(db, promised.memberId);
  const [row] = await db.select().from(outboxEmails).where(thisMail).for("update");
  return row;
}

/** Much can change while a mail waits: a link goes only to whoever may use it, at the address it was promised to (B9). */
async function obstacleTo(db: TenantDb, row: Row, firm: Firm): Promise<string | undefined> {
  if (firm.status !== "enabled") return "firm_disabled";
  if (!TEMPLATES[row.template as TemplateName].secret) return undefined;
  const member = row.memberId ? await findMemberById(db, row.memberId) : undefined;
  return member && mayUse(member, { sentToKey: row.toAddress ?? "" }) ? undefined : "owner_changed";
}

async function mint(db: TenantDb, now: Date, row: Row): Promise<MintedSecret | undefined> {
  const { secret } = TEMPLATES[row.template as TemplateName];
  if (!secret || !row.memberId || !row.toAddress) return undefined;
  return mintSecret(db, now, { memberId: row.memberId, purpose: secret.purpose, sentToKey: row.toAddress });
}

function unsealSecret(row: Row): MintedSecret | undefined {
  if (!row.sealedSecret) return undefined;
  return JSON.parse(unseal("outbox", placeOf(row), row.sealedSecret)) as MintedSecret;
}

async function compose({ row, firm, secret }: Prepared): Promise<OutgoingMail> {
  const template = row.template as TemplateName;
  const path = TEMPLATES[template].secret?.path;
  const url = secret && path ? `${firmOrigin(firm.slug)}/${path}/${secret.token}` : firmOrigin(firm.slug);
  const facts = {
    firmName: firm.name,
    accent: firm.accent ?? undefined,
    props: row.props,
    url,
    code: secret?.code,
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

/** Records how it ended; the sealed secret goes with it. */
async function settle(
  db: TenantDb,
  emailId: string,
  end: Pick<Row, "status" | "reason"> & { sentAt?: Date },
) {
  await db
    .update(outboxEmails)
    .set({ ...end, sealedSecret: null })
    .where(eq(outboxEmails.id, emailId));
}

function placeOf(row: Row): string {
  return `${row.tenantId}/outbox_emails.sealed_secret/${row.id}`;
}

function newMessageId(): string {
  return `<${crypto.randomUUID()}@${env().PORTAL_URL.hostname}>`;
}
