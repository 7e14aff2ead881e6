import type { TenantDb } from "#db/tenant.ts";
import { consumeSecret, judgeCode } from "#lib/auth/tokens/consume-secret.ts";
import { type DeadReason, readSecret } from "#lib/auth/tokens/find-secret.ts";
import type { RunContext } from "#lib/core/command.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { lockMember, type Member } from "../find-member.ts";
import { type EmailChange, findChange } from "./find-change.ts";

/** Tries from one source, right or wrong. */
const PER_SOURCE = { burst: 60, everySeconds: 3 };

export type Dead = { outcome: "dead"; memberId: undefined; state: DeadReason };

export type WrongCode = { outcome: "wrong_code"; memberId: string; attemptsLeft: number };

/** `consume` it once what it decides about can be done. */
export type RightLink = {
  outcome: "right";
  change: EmailChange;
  member: Member;
  consume: () => Promise<unknown>;
};

type Typed = { purpose: "email_change" | "email_undo"; token: string; code: string };

/**
 * What a link and the four digits beside it are worth (DEC9): the change that they decide about, with its account locked.
 * Of any number of parallel tries one wins: each looks at the link anew once it has the account.
 */
export async function judgeMailedLink(
  db: TenantDb,
  ctx: RunContext,
  { purpose, token, code }: Typed,
): Promise<RightLink | WrongCode | Dead> {
  const allowed = await takeAllowances(db, [
    { key: `${purpose}:try:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
  ]);
  if (!allowed) throw rateLimited("too_many_email_tries", PER_SOURCE.everySeconds);

  const reading = await readSecret(db, ctx.now, purpose, token);
  if (reading.state !== "live") return dead(reading.state);
  const member = await lockMember(db, reading.member.id);
  const typed = { keyId: reading.secret.codeKeyId ?? "", typed: code };
  const attempt = { purpose, token, code: typed };
  const judged = await judgeCode(db, ctx.now, attempt);
  if (judged.outcome === "wrong_code") {
    const { memberId, attemptsLeft } = judged;
    return { outcome: "wrong_code", memberId, attemptsLeft };
  }
  if (judged.outcome === "dead" || !member) return dead("used");
  const wanted = purpose === "email_change" ? "asked" : "done";
  const change = await findChange(db, reading.secret.subjectId, wanted);
  if (!change) return dead("unknown");
  return { outcome: "right", change, member, consume: () => consumeSecret(db, ctx.now, attempt) };
}

export function dead(state: DeadReason): Dead {
  return { outcome: "dead", memberId: undefined, state };
}
