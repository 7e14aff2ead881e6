import type { Tenant } from "#lib/core/context.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import type { TemplateName } from "#lib/outbox/templates.tsx";
import { owner } from "./database.ts";
import { mailbox, type Received } from "./mail-server.ts";

/** A mail as its reader has it, with what it asks the reader to use. */
export type Mail = Received & { link: string; token: string; code: string };

/**
 * Delivers what a firm has promised, as the worker would, and gives what arrived. A sign-in in a new browser tells its
 * owner; a test that is not about that names no `template` and does not hear of it.
 */
export async function deliveredMail(tenant: Tenant, template?: TemplateName): Promise<Mail[]> {
  const before = mailbox().length;
  for (const id of await queuedMail(tenant, template)) await deliverEmail(tenant.id, id);
  return mailbox().slice(before).map(readMail);
}

/** The one mail that is due; throws when it is another number. */
export async function oneMail(tenant: Tenant, template?: TemplateName): Promise<Mail> {
  const [mail, ...more] = await deliveredMail(tenant, template);
  if (!mail || more.length > 0) throw new Error(`There were ${mail ? more.length + 1 : 0} mails, not one.`);
  return mail;
}

/** The ids of a firm's mails that wait, the oldest first; those of one template, or all but the notices of a sign-in. */
export async function queuedMail(tenant: Tenant, template?: TemplateName): Promise<string[]> {
  const rows = await owner()<{ id: string; template: string }[]>`
    select o.id, o.template from outbox_emails o left join graphile_worker.jobs j on j.key = 'email:' || o.id
     where o.tenant_id = ${tenant.id} and o.status = 'queued' order by o.created_at, j.id`;
  return rows.filter(asWanted(template)).map(({ id }) => id);
}

/** What a firm has promised so far, likewise. */
export async function outboxOf(tenant: Tenant, template?: TemplateName) {
  const rows = await owner()`
    select * from outbox_emails where tenant_id = ${tenant.id} order by created_at, ctid`;
  return rows.filter(asWanted(template) as (row: unknown) => boolean);
}

const asWanted =
  (wanted: TemplateName | undefined) =>
  ({ template }: { template: string }) =>
    wanted === undefined ? template !== "new-sign-in" : template === wanted;

export function readMail(received: Received): Mail {
  const link =
    received.text.match(/https?:\/\/\S+\/(?:reset-password|invitation|lost-device)\/[A-Za-z0-9_-]+/)?.[0] ??
    "";
  const code = received.text.match(/(?<![0-9A-Za-z_-])(\d{3}[ -]?\d{3})(?![0-9A-Za-z_-])/)?.[1] ?? "";
  return { ...received, link, token: link.split("/").at(-1) ?? "", code: code.replace(/\D/g, "") };
}
