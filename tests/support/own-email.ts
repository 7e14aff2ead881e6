import type { Context, Tenant } from "#lib/core/context.ts";
import { confirmEmailChange } from "#lib/members/own/confirm-email-change.ts";
import { requestEmailChange } from "#lib/members/own/request-email-change.ts";
import { undoEmailChange } from "#lib/members/own/undo-email-change.ts";
import { actingAs, visitorOf } from "./contexts.ts";
import { deliveredMail, type Mail } from "./mail.ts";
import { type WayOut, wayOutOf } from "./notices.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "./tenants.ts";

export const OLD = "robin@old.example";
export const NEW = "robin@new.example";

type Wanted = NonNullable<Parameters<typeof aMember>[1]>;

/** A member with a password and an address, and a firm around. */
export async function someoneWithAddress(wanted: Wanted = {}) {
  const tenant = await aTenant();
  const who = { username: "robin", email: OLD, password: GOOD_PASSWORD, ...wanted };
  const member = await aMember(tenant, who);
  return { tenant, member, ctx: actingAs(tenant, member) };
}

export function ask(ctx: Context, newEmail = NEW, currentPassword: string | undefined = GOOD_PASSWORD) {
  return requestEmailChange(ctx, { newEmail, currentPassword });
}

export function confirm(tenant: Tenant, wayOut: Partial<WayOut>, source?: string) {
  return confirmEmailChange(visitorOf(tenant, { source }), wayOut);
}

export function undo(tenant: Tenant, wayOut: Partial<WayOut>, source?: string) {
  return undoEmailChange(visitorOf(tenant, { source }), wayOut);
}

/** The mail to the new address, of somebody who has asked for it. */
export async function someoneAsking(wanted: Wanted = {}) {
  const who = await someoneWithAddress(wanted);
  await ask(who.ctx);
  return { ...who, link: wayOutOf(onlyMail(await deliveredMail(who.tenant))) };
}

/** The mail to the old address, of somebody whose new one is confirmed. */
export async function someoneMoved(wanted: Wanted = {}) {
  const who = await someoneAsking(wanted);
  await confirm(who.tenant, who.link);
  return { ...who, wayBack: wayOutOf(onlyMail(await deliveredMail(who.tenant))) };
}

export function onlyMail([mail, ...more]: Mail[]): Mail {
  if (!mail || more.length > 0) throw new Error(`There were ${mail ? more.length + 1 : 0} mails, not one.`);
  return mail;
}
