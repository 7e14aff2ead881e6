import { withTenant } from "#db/tenant.ts";
import { cancelFactorReset } from "#lib/auth/lost-device/cancel-factor-reset.ts";
import { confirmFactorReset } from "#lib/auth/lost-device/confirm-factor-reset.ts";
import { requestFactorReset } from "#lib/auth/lost-device/request-factor-reset.ts";
import { goOn, takeDuty } from "#lib/auth/session/pending-session.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { contextOf, signIn, visitorOf } from "./contexts.ts";
import { owner } from "./database.ts";
import { withRecoveryCodes, withTotp } from "./factors.ts";
import { type Mail, oneMail } from "./mail.ts";
import { type WayOut, wayOutOf } from "./notices.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "./tenants.ts";

type Wanted = NonNullable<Parameters<typeof aMember>[1]>;

/** Somebody with an app and recovery codes, and the context of a sign-in that owes a second factor. */
export async function someoneWithFactors(wanted: Wanted = {}, tenant?: Tenant) {
  const firm = tenant ?? (await aTenant());
  const member = await aMember(firm, { username: "robin", password: GOOD_PASSWORD, ...wanted });
  const nextCode = await withTotp(firm, member);
  await withRecoveryCodes(firm, member);
  return { tenant: firm, member, nextCode, ctx: await owingIn(firm, member.username) };
}

export type Someone = Awaited<ReturnType<typeof someoneWithFactors>>;

/** The context of somebody who has typed the password and owes the second factor. */
export async function owingIn(tenant: Tenant, username = "robin", password = GOOD_PASSWORD) {
  return contextOf(tenant, await signIn(tenant, username, password));
}

export const ask = (ctx: Context) => requestFactorReset(ctx, undefined);

export function confirm({ tenant }: Pick<Someone, "tenant">, { token, code }: Pick<Mail, "token" | "code">) {
  return confirmFactorReset(visitorOf(tenant), { token, code });
}

export async function someoneAsked(wanted?: Wanted) {
  const someone = await someoneWithFactors(wanted);
  const { requestId } = await ask(someone.ctx);
  return { ...someone, requestId, mail: await oneMail(someone.tenant) };
}

/** The same after the code has been typed: a day is running, and this stops it. */
export async function someoneHeld(wanted?: Wanted) {
  const asked = await someoneAsked(wanted);
  await confirm(asked, asked.mail);
  return { ...asked, wayOut: wayOutOf(await oneMail(asked.tenant)) };
}

export function keepBy({ tenant }: Pick<Someone, "tenant">, wayOut: Partial<WayOut>, source?: string) {
  return cancelFactorReset(visitorOf(tenant, { source }), wayOut);
}

/** Goes on from a sign-in that owes a second factor as one that has proven it. */
export function prove(tenant: Tenant, ctx: Context) {
  return withTenant(tenant.id, async (db, now) => {
    const run = { ...ctx, now };
    return goOn(db, run, await takeDuty(db, run, "second_factor"), "totp");
  });
}

export async function resetRow(id: string) {
  const [row] = await owner()`select * from factor_resets where id = ${id}`;
  return row;
}

/** How many of each kind of second factor somebody has. */
export async function factorsOf({ member }: Pick<Someone, "member">) {
  const [row] = await owner()`
    select (select count(*)::int from totp_factors where member_id = ${member.id}) as apps,
           (select count(*)::int from passkeys where member_id = ${member.id}) as passkeys,
           (select count(*)::int from recovery_codes where member_id = ${member.id}) as codes`;
  return row;
}

export const ALL_FACTORS = { apps: 1, passkeys: 0, codes: 10 };
export const NO_FACTORS_LEFT = { apps: 0, passkeys: 0, codes: 0 };
