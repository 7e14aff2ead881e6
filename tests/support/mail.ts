import type { Tenant } from "#lib/core/context.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import { owner } from "./database.ts";
import { mailbox, type Received } from "./mail-server.ts";

/** A mail as its reader has it, with what it asks the reader to use. */
export type Mail = Received & { link: string; token: string; code: string };

/** Delivers what a firm has promised, as the worker would, and gives what arrived. */
export async function deliveredMail(tenant: Tenant): Promise<Mail[]> {
  const before = mailbox().length;
  for (const id of await queuedMail(tenant)) await deliverEmail(tenant.id, id);
  return mailbox().slice(before).map(readMail);
}

/** The one mail that is due; throws when it is another number. */
export async function oneMail(tenant: Tenant): Promise<Mail> {
  const [mail, ...more] = await deliveredMail(tenant);
  if (!mail || more.length > 0) throw new Error(`There were ${mail ? more.length + 1 : 0} mails, not one.`);
  return mail;
}

/** The ids of a firm's mails that wait, the oldest first. */
export async function queuedMail(tenant: Tenant): Promise<string[]> {
  const rows = await owner()`
    select o.id from outbox_emails o left join graphile_worker.jobs j on j.key = 'email:' || o.id
     where o.tenant_id = ${tenant.id} and o.status = 'queued' order by o.created_at, j.id`;
  return rows.map(({ id }) => id as string);
}

export async function outboxOf(tenant: Tenant) {
  return owner()`select * from outbox_emails where tenant_id = ${tenant.id} order by created_at, ctid`;
}

export function readMail(received: Received): Mail {
  const link =
    received.text.match(/https?:\/\/\S+\/(?:reset-password|invitation|lost-device)\/[A-Za-z0-9_-]+/)?.[0] ??
    "";
  const code = received.text.match(/(?<![0-9A-Za-z_-])(\d{3}[ -]?\d{3})(?![0-9A-Za-z_-])/)?.[1] ?? "";
  return { ...received, link, token: link.split("/").at(-1) ?? "", code: code.replace(/\D/g, "") };
}
