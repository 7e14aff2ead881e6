import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import type { Tenant } from "#lib/core/context.ts";
import { visitorOf } from "./contexts.ts";
import { type Mail, oneMail } from "./mail.ts";
import { aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "./tenants.ts";

/** A firm, somebody in it who forgot the password, and the mail that brings them back. */
export async function someoneWithMail() {
  const tenant = await aTenant();
  const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
  return { tenant, member, mail: await askForMail(tenant) };
}

export async function askForMail(tenant: Tenant, identifier = "robin"): Promise<Mail> {
  await requestReset(visitorOf(tenant), { identifier });
  return oneMail(tenant);
}

/** Tries to set a new password, with other values than the mail's where they are given. */
export function redeem(
  tenant: Tenant,
  { token, code }: { token: string; code: string },
  changes: Record<string, unknown> = {},
) {
  const input = { token, code, newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD, ...changes };
  return completeReset(visitorOf(tenant), input);
}

/** Six digits that are not these. */
export function anotherCode(code: string, step = 1): string {
  return String((Number(code) + step) % 1_000_000).padStart(6, "0");
}

/** `reset`, `wrong_code` or why the link is dead. */
export async function outcomeOf(result: ReturnType<typeof redeem>): Promise<string> {
  const { outcome, ...rest } = await result;
  return outcome === "dead" && "state" in rest ? rest.state : outcome;
}
