import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { confirmFirmLink } from "#lib/firms/confirm-firm-link.ts";
import { requestFirmLink } from "#lib/firms/request-firm-link.ts";
import type { Member } from "#lib/members/find-member.ts";
import { actingAs, visitorOf } from "./contexts.ts";
import { owner } from "./database.ts";
import { oneMail } from "./mail.ts";
import { type WayOut, wayOutOf } from "./notices.ts";
import { aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "./tenants.ts";

export const SAME_ADDRESS = "ada@mail.example";

type Wanted = NonNullable<Parameters<typeof aMember>[1]>;

export type InTwoFirms = {
  acme: Tenant;
  globex: Tenant;
  here: Member;
  there: Member;
  /** Signed in at acme. */
  ada: MemberContext;
};

/** Somebody with an account in two firms, under one address. */
export async function someoneInTwoFirms(wanted: Wanted = {}): Promise<InTwoFirms> {
  const [acme, globex] = [await aTenant("ACME"), await aTenant("Globex")];
  const account = { email: SAME_ADDRESS, username: "ada" };
  const here = await aMember(acme, { ...account, password: GOOD_PASSWORD });
  const there = await aMember(globex, { ...account, password: OTHER_PASSWORD, ...wanted });
  return { acme, globex, here, there, ada: inPerson(acme, here) };
}

/** A member with a session, as the portal knows the address of one. */
export function inPerson(tenant: Tenant, member: Member): MemberContext {
  const ctx = actingAs(tenant, member, "clients:read");
  return { ...ctx, actor: { ...ctx.actor, email: member.email ?? undefined } };
}

/** Asks for the link, and gives what the other firm's mail asks its reader to use. */
export async function askForLink({ ada, globex }: Pick<InTwoFirms, "ada" | "globex">): Promise<WayOut> {
  await requestFirmLink(ada, { firm: globex.slug });
  return wayOutOf(await oneMail(globex));
}

export function agree({ globex }: Pick<InTwoFirms, "globex">, wayOut: Partial<WayOut>, source?: string) {
  return confirmFirmLink(visitorOf(globex, { source }), wayOut);
}

/** The same two firms, linked. */
export async function someoneLinked(): Promise<InTwoFirms> {
  const scene = await someoneInTwoFirms();
  const { outcome } = await agree(scene, await askForLink(scene));
  if (outcome !== "linked") throw new Error(`The firms were not linked: ${outcome}.`);
  return scene;
}

/** Each row of the links, whoever's it is. */
export async function linksOf(...firms: Tenant[]) {
  const rows = await owner()`
    select * from linked_firms where tenant_id = any(${firms.map(({ id }) => id)}) order by tenant_id`;
  return rows.map(({ tenant_id, member_id, other_tenant_id, other_member_id }) => ({
    firm: tenant_id as string,
    member: member_id as string,
    otherFirm: other_tenant_id as string,
    otherMember: other_member_id as string,
  }));
}
