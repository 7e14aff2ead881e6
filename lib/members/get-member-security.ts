import { asc } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { isInReach } from "#lib/access/seen.ts";
import { passwordTerms } from "#lib/auth/password/password-terms.ts";
import { mayBeSet } from "#lib/auth/password/set-password.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import { sayDelivery } from "#lib/outbox/delivery-state.ts";
import { rulesOf } from "#lib/policy/security-options.ts";
import { enrolmentIn } from "./access-of.ts";
import { permissionNotHeld } from "./change-member-security.ts";
import { describeResend } from "./credentials/describe-resend.ts";
import { findMemberById, type Member } from "./find-member.ts";
import { readPerson } from "./read-people.ts";

type Group = typeof securityGroups.$inferSelect;

/**
 * What the Password & Security tab shows. Throws not_found for a federated member too: the tab does not exist for one
 * who has no password here (004-02).
 */
export const getMemberSecurity = query({
  event: "member_security.read",
  permission: "members:manage",
  async run({ db, ctx }, memberId: string) {
    const member = isId(memberId) ? await findMemberById(db, memberId) : undefined;
    if (!member || member.connectionId !== null || !(await isInReach(db, ctx, member))) throw notFound();
    const groups = await db.select().from(securityGroups).orderBy(asc(securityGroups.position));
    const offered = groups.filter((group) => (group.preset === "contact") === (member.kind === "contact"));
    const { options, words } = await passwordTerms(db, ctx.tenant, member);
    const person = await readPerson(db, ctx, member.id);
    const settable = mayBeSet(member, options) && maySetPassword(ctx, member, groups);
    return {
      member,
      /** Where the person stands with second factors, in a sentence (004-07). */
      enrolment: enrolmentIn(person, { options }, ctx.now).sentence,
      /** After how many minutes without a request the firm signs everybody out. */
      firmIdleMinutes: options.idleMinutes,
      groups: offered.map(({ id, name }) => ({ id, name })),
      /** What a password must be that the reader types for this person. Undefined where the reader may not. */
      newPassword: settable ? { rules: rulesOf(options), words } : undefined,
      resend: await describeResend(db, ctx, member),
      /** What became of the last credentials mail, in words. */
      mail: person.mail && sayDelivery(person.mail),
    };
  },
});

function maySetPassword(ctx: Context, member: Member, groups: Group[]): boolean {
  const isOther = member.id !== ctx.actor?.memberId;
  const mayDoSo = hasPermission(ctx, "members:set_password");
  return isOther && mayDoSo && permissionNotHeld(ctx, member, groups) === undefined;
}
