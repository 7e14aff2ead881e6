import type { TenantDb } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";
import { findMemberById } from "#lib/members/find-member.ts";
import { type PasswordRules, rulesOf } from "#lib/policy/security-options.ts";
import { passwordTerms } from "./password-terms.ts";

export type DescribedRules = {
  rules: PasswordRules;
  /** Names that a new password must not be built from. */
  words: string[];
};

/** What the caller's new password will be judged by. Throws not_found for a federated member, who has none here. */
export const describePasswordRules = query({
  event: "password_rules.read",
  permission: "member",
  run: ({ db, ctx }) => rulesFor(db, ctx, ctx.actor?.memberId),
});

/** The same for somebody who owes a new password and is not signed in before there is one. */
export const describePasswordRulesAsDuty = query({
  event: "password_rules.read_as_duty",
  permission: "pending",
  run: ({ db, ctx }) => rulesFor(db, ctx, ctx.pending?.memberId),
});

async function rulesFor(
  db: TenantDb,
  { tenant }: Context,
  memberId: string | undefined,
): Promise<DescribedRules> {
  const member = memberId === undefined ? undefined : await findMemberById(db, memberId);
  if (!member || member.connectionId !== null) throw notFound();
  const { options, words } = await passwordTerms(db, tenant, member);
  return { rules: rulesOf(options), words };
}
