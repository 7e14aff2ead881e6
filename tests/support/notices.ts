import { freezeAccount } from "#lib/auth/freeze/freeze-account.ts";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { contextOf, signIn, visitorOf } from "./contexts.ts";
import { deliveredMail, type Mail } from "./mail.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "./tenants.ts";

/** The way out that a notice carries: its link's token, and the four digits beside it. */
export type WayOut = { token: string; code: string };

/** What a notice asks its reader to use; throws when it has none. */
export function wayOutOf({ text }: Pick<Mail, "text">): WayOut {
  const token =
    /\/(?:not-me|address-hold|lost-device|factor-hold|confirm-email|email-undo|firm-link)\/([A-Za-z0-9_-]{43})/.exec(
      text,
    )?.[1];
  const code = /^\s*(\d{4})\s*$/m.exec(text)?.[1];
  if (!token || !code) throw new Error(`This mail has no way out:\n${text}`);
  return { token, code };
}

type Wanted = NonNullable<Parameters<typeof aMember>[1]>;

/** Somebody whose password was just changed, and the notice of it. */
export async function someoneWithNotice(wanted: Wanted = {}) {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD, ...wanted });
  return { tenant, member, ...(await changed(tenant, member)) };
}

/** Has the password changed, as its owner or a thief would, and gives the notice's way out. */
export async function changed(tenant: Tenant, member: Member, passwords = [GOOD_PASSWORD, OTHER_PASSWORD]) {
  const [before = "", after = ""] = passwords;
  await alter(tenant, member, { mustChangePassword: true });
  const pending = await signIn(tenant, member.username, before);
  const { session } = await changePasswordAsDuty(await contextOf(tenant, pending), {
    newPassword: after,
    confirmPassword: after,
  });
  const [notice] = await deliveredMail(tenant);
  if (!notice) throw new Error("There was no notice.");
  return { session, notice, wayOut: wayOutOf(notice) };
}

export function freezeBy(tenant: Tenant, wayOut: Partial<WayOut>, source?: string) {
  return freezeAccount(visitorOf(tenant, { source }), wayOut);
}

/** Four digits that are not these. */
export function otherDigits(code: string, step = 1): string {
  return String((Number(code) + step) % 10_000).padStart(4, "0");
}
