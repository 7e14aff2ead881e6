import * as z from "zod";
import { proveStepUp, type StepUpOutcome } from "#lib/auth/step-up/prove-step-up.ts";
import { operation } from "../operation.ts";
import { problem } from "../problem.ts";

/** What a program does after a problem that names `stepUp`, before it asks again (F5). */
const stepUp = operation({
  method: "POST",
  path: "/session/step-up",
  id: "stepUp",
  tag: "Session",
  summary: "Show once more that it is the owner who is signed in",
  description:
    "For a session that was told `stepUp` by a sensitive operation: a code where the member has a second factor, else the password. The session goes on under a new token. API tokens are never asked.",
  permission: "person",
  programsOnly: true,
  secret: true,
  body: z.union([z.strictObject({ code: z.string() }), z.strictObject({ password: z.string() })]),
  answer: z
    .object({ token: z.string() })
    .meta({ id: "RenewedSession", description: "The same session. Its new token is shown this once." }),
  alsoAnswers: [403],
  async run(ctx, { body }) {
    const outcome = await proveStepUp(ctx, body);
    return outcome.outcome === "proven" ? { token: outcome.token } : refused(outcome);
  },
});

const SENTENCES = {
  wrong_password: "This is not the password of this account.",
  wrong_factor: "This code is not right, or has been used.",
  locked: "Too many wrong tries from here. A reset of the password opens it.",
  weaker: "This account has a second factor: send a code.",
};

function refused({ reason }: Extract<StepUpOutcome, { outcome: "refused" }>): Response {
  return problem("forbidden", 403, SENTENCES[reason]);
}

export const stepUpOperations = [stepUp];
