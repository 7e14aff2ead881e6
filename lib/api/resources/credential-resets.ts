import * as z from "zod";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { Id } from "../fields.ts";
import { operation } from "../operation.ts";

const sendCredentials = operation({
  method: "POST",
  path: "/credential-resets",
  id: "sendCredentials",
  tag: "Credential resets",
  summary: "Send a person what they get in with",
  description:
    "An invitation as long as they have no password, else what the firm's recovery profile sends. What was mailed " +
    "before is dead as soon as this is on its way. `mailed` is false where the same was asked for a moment ago.",
  permission: "contacts:reset",
  mayNeed: ["members:reset"],
  body: z.strictObject({ memberId: Id }),
  status: 202,
  answer: z.object({ memberId: Id, mailed: z.boolean() }).meta({ id: "CredentialReset" }),
  alsoAnswers: [404],
  async run(ctx, { body }) {
    const { id, mailed } = await resendCredentials(ctx, body);
    return { memberId: id, mailed };
  },
});

export const credentialResetOperations = [sendCredentials];
