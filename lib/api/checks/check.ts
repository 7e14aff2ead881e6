import type { Context } from "#lib/core/context.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import type { PlainAnswer } from "../plain-answer.ts";
import { plainProblemOf } from "../problem.ts";

/** Headers by their names in small letters, as node has them. */
export type AskedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A request before anybody has looked whom it speaks for: its firm and where it came from are known. */
export type Asked = { ctx: Context; headers: AskedHeaders; body: string };

/**
 * What other applications ask on each request of theirs, and the sign-in of programs. It knows neither Next nor node: the
 * server in front answers it by itself, and the route of its address by the very same functions (PERF1 - PERF3).
 */
export type Check = {
  readsBody?: true;
  authenticate: (asked: Asked) => Promise<Context>;
  answer: (ctx: Context, asked: Asked) => Promise<PlainAnswer>;
};

export async function performCheck(check: Check, asked: Asked): Promise<PlainAnswer> {
  try {
    return await check.answer(await check.authenticate(asked), asked);
  } catch (error) {
    return plainProblemOf(asOverloadWhenDatabaseIsAway(error), asked.ctx.origin);
  }
}

/** The text of a header that may come once. */
export function headerOf(headers: AskedHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}
