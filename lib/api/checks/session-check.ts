import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { describeSession } from "#lib/auth/session/describe-session.ts";
import { authorOf } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { unauthenticated } from "#lib/core/errors.ts";
import { jsonAnswer, type PlainAnswer } from "../plain-answer.ts";
import { callerOf } from "./caller.ts";
import type { Check } from "./check.ts";

/** Whom a token speaks for, what they may do, and until when (PERF1). */
export const sessionCheck: Check = { authenticate: callerOf, answer };

async function answer(ctx: Context): Promise<PlainAnswer> {
  if (ctx.actor) return jsonAnswer(describeSession(ctx));
  await recordRefusal(authorOf(ctx, "member"), "api_request", "not_signed_in");
  throw unauthenticated("not_signed_in");
}
