import { randomUUID } from "node:crypto";
import type { Permission } from "#lib/access/permissions.ts";
import { PERMISSIONS } from "#lib/access/permissions.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { approveAddress } from "#lib/members/recovery/approve-address.ts";
import { proposeAddress } from "#lib/members/recovery/propose-address.ts";
import { requestHelp } from "#lib/members/recovery/request-help.ts";
import { actingAs, visitorOf } from "./contexts.ts";
import { owner } from "./database.ts";
import { oneMail } from "./mail.ts";
import { wayOutOf } from "./notices.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "./tenants.ts";

export const OLD_ADDRESS = "robin@old.example";
export const NEW_ADDRESS = "robin@new.example";

const EVERYTHING = Object.keys(PERMISSIONS) as Permission[];

export type Helped = {
  tenant: Tenant;
  member: Member;
  /** Two Administrators of the firm. */
  ada: MemberContext;
  alan: MemberContext;
  requestId: string;
};

type Wanted = NonNullable<Parameters<typeof aMember>[1]>;

/** A firm with two Administrators, and somebody who cannot read the old address any more and has asked for help. */
export async function someoneWithoutMailbox(wanted: Wanted = {}): Promise<Helped> {
  const tenant = await aTenant();
  const [ada, alan] = [
    await anAdministrator(tenant, "Ada Morgan"),
    await anAdministrator(tenant, "Alan Reed"),
  ];
  const member = await aMember(tenant, {
    kind: "contact",
    username: "robin",
    email: OLD_ADDRESS,
    password: GOOD_PASSWORD,
    ...wanted,
  });
  return { tenant, member, ada, alan, requestId: await askForHelp(tenant, member.username) };
}

export async function anAdministrator(tenant: Tenant, name?: string): Promise<MemberContext> {
  return actingAs(tenant, await aMember(tenant, { name }), ...EVERYTHING);
}

/** Gives the id of the request. */
export async function askForHelp(tenant: Tenant, identifier: string, source?: string): Promise<string> {
  const ctx = visitorOf(tenant, { source });
  const { requestId } = await requestHelp(ctx, { identifier, reachableAt: "+44 20 7946 0000" });
  return requestId;
}

export function propose({ ada, member, requestId }: Helped, newEmail = NEW_ADDRESS) {
  return proposeAddress(ada, { requestId, memberId: member.id, newEmail });
}

/** Says yes to what the page shows now. */
export async function approve(ctx: MemberContext, requestId: string) {
  return approveAddress(ctx, await shownOf(requestId));
}

/** What the form of the page carries. */
export async function shownOf(requestId: string) {
  const request = await requestOf(requestId);
  const { member_id: memberId, new_email_key: newEmailKey } = request ?? {};
  return { requestId, memberId: memberId ?? randomUUID(), newEmailKey: newEmailKey ?? "" };
}

/** A new address that both have agreed to, and the way in which the old one can stop it. */
export async function someoneHeld(wanted: Wanted = {}) {
  const helped = await someoneWithoutMailbox(wanted);
  await propose(helped);
  await approve(helped.alan, helped.requestId);
  return { ...helped, wayOut: wayOutOf(await oneMail(helped.tenant)) };
}

export async function requestOf(requestId: string) {
  const [row] = await owner()`select * from recovery_requests where id = ${requestId}`;
  return row;
}

export async function rowOf({ id }: Member) {
  const [row] = await owner()`select * from members where id = ${id}`;
  return row;
}
