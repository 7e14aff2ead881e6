import { and, asc, eq, gt, gte, inArray, isNull, lte, or } from "drizzle-orm";
import { emailChanges } from "#db/schema/email-changes.ts";
import { members, passwordCredentials } from "#db/schema/members.ts";
import { oneTimeSecrets } from "#db/schema/one-time-secrets.ts";
import { sessions } from "#db/schema/sessions.ts";
import type { TenantDb } from "#db/tenant.ts";
import { endApiTokens } from "#lib/auth/api-tokens/end-api-tokens.ts";
import { forgetDevices } from "#lib/auth/device/known-devices.ts";
import { StopInput } from "#lib/auth/freeze/input.ts";
import { takeFactorsSince } from "#lib/auth/freeze/suspect-factors.ts";
import { enqueueCredentialsMail, suppressCredentialsMail, whyNot } from "#lib/auth/reset/credentials-mail.ts";
import { revokeSessions } from "#lib/auth/session/revoke-sessions.ts";
import { endSecrets } from "#lib/auth/tokens/mint-secret.ts";
import { authorOf, command, type RunContext } from "#lib/core/command.ts";
import { endFirmLinks } from "#lib/firms/end-firm-links.ts";
import { suppressQueued, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { readSecurityOptions } from "#lib/settings/read-security-options.ts";
import type { Member } from "../find-member.ts";
import { emailKey, usernameKey } from "../identifier.ts";
import { isAddressFree } from "../recovery/is-address-free.ts";
import { type EmailChange, settleChange } from "./find-change.ts";
import { type Dead, dead, judgeMailedLink, type RightLink, type WrongCode } from "./judge-mailed-link.ts";

export type UndoOutcome = { outcome: "undone"; memberId: string; changeId: string } | WrongCode | Dead;

/**
 * The old address takes itself back, by the link that it was sent and the four digits beside it (SEC30, DEC9). Whoever
 * asked for the change knew the password: everybody is out, the password ends, what was added to the account
 * since goes, and the old address gets the way in.
 * @throws DomainError invalid, rate_limited
 */
export const undoEmailChange = command({
  event: "email_change.undone",
  permission: "anyone",
  input: StopInput,
  async run({ db, ctx }, typed): Promise<UndoOutcome> {
    const used = await judgeMailedLink(db, ctx, { ...typed, purpose: "email_undo" });
    if (used.outcome !== "right") return used;
    return takeBack(db, ctx, used);
  },
  audit(output) {
    const { outcome, memberId: targetId } = output;
    if (outcome === "undone") {
      return [{ event: "email_change.undone", targetId, detail: { change: output.changeId } }];
    }
    const reason = outcome === "dead" ? `link_${output.state}` : "wrong_code";
    return [{ event: "email_change.undone.refused", targetId, reason }];
  },
});

async function takeBack(
  db: TenantDb,
  ctx: RunContext,
  { member, change, consume }: RightLink,
): Promise<UndoOutcome> {
  const oldKey = emailKey(change.oldEmail ?? "");
  const since = await changesSince(db, change);
  // An administrator may have given the account another address meanwhile: that is not undone from here.
  const isOfTheirs = since.some(({ newEmailKey }) => newEmailKey === member.emailKey);
  const mayBeTaken = member.connectionId === null && member.deletedAt === null;
  if (!oldKey || !isOfTheirs || !mayBeTaken || !(await isAddressFree(db, oldKey, member.id))) {
    await settleChange(db, ctx.now, change, "cancelled");
    return dead("unknown");
  }
  await consume();
  const names = {
    email: change.oldEmail,
    emailKey: oldKey,
    ...(await usernameFor(db, member, change, oldKey)),
  };
  const [restored] = await db.update(members).set(names).where(eq(members.id, member.id)).returning();
  if (!restored) throw new Error("The locked account is not there.");
  await endChanges(db, ctx.now, since);
  await endAccess(db, ctx.now, member.id);
  const author = { ...authorOf(ctx, "anyone"), now: ctx.now };
  await takeFactorsSince(db, author, member.id, await openSince(db, change));
  await endFirmLinks(db, author, member.id);
  await mailWayIn(db, ctx.now, restored);
  return { outcome: "undone", memberId: member.id, changeId: change.id };
}

/** This change and those that were built upon it. */
function changesSince(db: TenantDb, { memberId, createdAt }: EmailChange): Promise<EmailChange[]> {
  return db
    .select()
    .from(emailChanges)
    .where(
      and(
        eq(emailChanges.memberId, memberId),
        gte(emailChanges.createdAt, createdAt),
        inArray(emailChanges.status, ["asked", "done"]),
      ),
    );
}

/** Since when whoever asked for a change may have been in: the beginning of the oldest session that was open then. */
async function openSince(db: TenantDb, { memberId, createdAt }: EmailChange): Promise<Date> {
  const [oldest] = await db
    .select({ at: sessions.createdAt })
    .from(sessions)
    .where(
      and(
        eq(sessions.memberId, memberId),
        lte(sessions.createdAt, createdAt),
        gt(sessions.expiresAt, createdAt),
        or(isNull(sessions.revokedAt), gt(sessions.revokedAt, createdAt)),
      ),
    )
    .orderBy(asc(sessions.createdAt))
    .limit(1);
  return oldest?.at ?? createdAt;
}

type Username = Pick<Member, "username" | "usernameKey"> | undefined;

/** A username that is an address goes back with it (DEC10); another one stays. */
async function usernameFor(
  db: TenantDb,
  member: Member,
  { oldEmail, oldUsername }: EmailChange,
  oldKey: string,
): Promise<Username> {
  const address = { username: oldEmail ?? oldKey, usernameKey: oldKey };
  const key = usernameKey(oldUsername);
  if (key === oldKey) return address;
  if (!member.usernameKey.includes("@")) return undefined;
  // It was another one before, if nobody has taken it since.
  const isFree = key !== undefined && !key.includes("@") && (await isAddressFree(db, key, member.id));
  return isFree ? { username: oldUsername, usernameKey: key } : address;
}

/** The notices of later changes went to addresses of whoever made them. */
async function endChanges(db: TenantDb, now: Date, changes: EmailChange[]): Promise<void> {
  const ids = changes.map(({ id }) => id);
  await db
    .update(emailChanges)
    .set({ status: "undone", decidedAt: now })
    .where(inArray(emailChanges.id, ids));
  await db
    .update(oneTimeSecrets)
    .set({ endedAt: now, endedReason: "revoked" })
    .where(
      and(
        inArray(oneTimeSecrets.subjectId, ids),
        eq(oneTimeSecrets.purpose, "email_undo"),
        isNull(oneTimeSecrets.endedAt),
      ),
    );
}

async function endAccess(db: TenantDb, now: Date, memberId: string): Promise<void> {
  await revokeSessions(db, now, memberId, "address_changed");
  await endApiTokens(db, now, memberId, "address_changed");
  await forgetDevices(db, memberId);
  await endSecrets(db, now, { memberId, reason: "revoked" });
  await suppressCredentialsMail(db, memberId);
  for (const template of ["confirm-email", "email-moved"] as const)
    await suppressQueued(db, memberId, template);
  await db
    .update(passwordCredentials)
    .set({ temporaryUntil: now })
    .where(eq(passwordCredentials.memberId, memberId));
}

async function mailWayIn(db: TenantDb, now: Date, member: Member): Promise<void> {
  const mailable = await takeMailAllowance(db, member.emailKey ?? "", "staff");
  const suppressedFor =
    whyNot(member, await readSecurityOptions(db), now) ?? (mailable ? undefined : "too_many_mails");
  await enqueueCredentialsMail(db, now, member, { suppressedFor });
}
