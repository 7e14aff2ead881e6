import { securityGroups } from "#db/schema/groups.ts";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { isInReach } from "#lib/access/seen.ts";
import { after } from "#lib/core/clock.ts";
import { command, type RunContext } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError, forbidden, notFound, rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { requireNoMoreThanHeld } from "#lib/members/change-member-security.ts";
import { findMemberById, lockMember, type Member } from "#lib/members/find-member.ts";
import { enqueueEmail } from "#lib/outbox/enqueue-email.ts";
import { SET_PASSWORD_LIFETIME } from "#lib/policy/expiry.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import { acceptPassword, type NewCredential } from "./accept-password.ts";
import { type NewPassword, SetPasswordInput } from "./input.ts";
import { passwordTerms } from "./password-terms.ts";
import { replaceCredential } from "./replace-credential.ts";

/** Passwords set for one person, and by one: each of them is two mails. */
const PER_PERSON = { burst: 5, everySeconds: 300 };
const PER_AUTHOR = { burst: 60, everySeconds: 30 };

/**
 * Sets a password for somebody else, where the firm lets its administrators do so (X1). It is temporary: its owner has
 * to change it at the next login. Both are told by mail, and no mail holds it.
 * @throws DomainError not_found, forbidden, conflict, invalid, rate_limited, overloaded
 */
export const setPassword = command({
  event: "password.set",
  permission: "members:set_password",
  stepUp: "password:set",
  input: SetPasswordInput,
  prepare,
  async run({ db, ctx, prepared }, { memberId }) {
    // Much can change while a password is hashed.
    const member = await requireSettable(db, ctx, await lockMember(db, memberId));
    const temporaryUntil = after(ctx.now, SET_PASSWORD_LIFETIME);
    await replaceCredential(db, ctx, member, { ...prepared, temporaryUntil });
    await tellWhoDidIt(db, ctx, member);
    return { id: member.id, expiresAt: temporaryUntil.toISOString() };
  },
  audit: ({ id, expiresAt }) => [{ event: "password.set", targetId: id, detail: { expiresAt } }],
});

async function prepare(ctx: Context, input: NewPassword & { memberId: string }): Promise<NewCredential> {
  const terms = await withTenant(ctx.tenant.id, async (db) => {
    const member = await requireSettable(db, ctx, await findMemberById(db, input.memberId));
    const allowed = await takeAllowances(db, [
      { key: `password:set:${member.id}`, ...PER_PERSON },
      { key: `password:set-by:${ctx.actor?.memberId}`, ...PER_AUTHOR },
    ]);
    if (!allowed) throw rateLimited("too_many_passwords_set", PER_PERSON.everySeconds);
    return passwordTerms(db, ctx.tenant, member);
  });
  // Whether it is one that the owner has or had is for nobody else to find out by trying (001-01).
  return acceptPassword({ ...terms, currentHash: undefined, earlierHashes: [] }, input);
}

async function requireSettable(db: TenantDb, ctx: Context, member: Member | undefined): Promise<Member> {
  if (!member || member.connectionId !== null || !(await isInReach(db, ctx, member))) throw notFound();
  if (member.id === ctx.actor?.memberId) {
    throw forbidden("own_account", "Change your own password in Settings, under Password.");
  }
  requireNoMoreThanHeld(ctx, member, await db.select().from(securityGroups));
  const { options } = await readSecurityOptions(db);
  if (!mayBeSet(member, options)) throw forbidden("not_in_this_firm", NOT_HERE);
  if (member.status === "disabled") {
    throw new DomainError("conflict", "This account is disabled. Enable it first.");
  }
  if (member.frozenAt) {
    throw new DomainError("conflict", "This account is frozen. Open it again first.");
  }
  return member;
}

const NOT_HERE = "Your firm's security options do not let anybody set a password for this person.";

/** Whether the firm lets administrators set the password of such an account. */
export function mayBeSet({ kind }: Pick<Member, "kind">, options: SecurityOptions): boolean {
  return kind === "staff" ? options.administratorsSetStaff : options.administratorsSetContacts;
}

/** So that nobody sets a password in somebody's name unnoticed. */
async function tellWhoDidIt(db: TenantDb, ctx: RunContext, { name }: Member): Promise<void> {
  const author = ctx.actor && (await findMemberById(db, ctx.actor.memberId));
  if (!author) return;
  await enqueueEmail(db, {
    template: "password-set-for-somebody",
    memberId: author.id,
    toAddress: author.emailKey ?? undefined,
    props: { name, at: ctx.now.toISOString() },
  });
}
