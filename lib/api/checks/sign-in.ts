import type { Context } from "#lib/core/context.ts";
import { answer as answerOperation } from "../answer.ts";
import type { PlainAnswer } from "../plain-answer.ts";
import { startSession } from "../resources/session.ts";
import { programOf } from "./caller.ts";
import type { Asked, Check } from "./check.ts";

/** The sign-in of a program: the operation of its address as it is, without the pages around it (PERF3). */
export const signIn: Check = { readsBody: true, authenticate: programOf, answer };

async function answer(ctx: Context, asked: Asked): Promise<PlainAnswer> {
  const response = await answerOperation([startSession], { ctx, request: requestOf(asked), params: {} });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/** Only what the operation looks at: its own address has no parameters. */
function requestOf({ headers, body }: Asked): Request {
  const given = Object.entries(headers).filter(([, value]) => typeof value === "string");
  return new Request("http://localhost/api/v1/sessions", {
    method: "POST",
    headers: given as [string, string][],
    body,
  });
}
