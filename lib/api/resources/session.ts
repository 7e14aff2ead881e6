import * as z from "zod";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { describeSession } from "#lib/auth/session/describe-session.ts";
import { signOut } from "#lib/auth/session/sign-out.ts";
import { Id, Moment, Named, PermissionName, Problem } from "../fields.ts";
import { operation } from "../operation.ts";
import { problem } from "../problem.ts";

const tag = "Session";

const StartedSession = z
  .object({ token: z.string(), expiresAt: Moment, memberId: Id })
  .meta({ id: "StartedSession", description: "A session. Its token is shown this once." });

const OpenDuty = Problem.extend({
  duty: z.literal("change_password").optional(),
  reason: z.string().optional(),
  token: z.string().optional(),
  expiresAt: Moment.optional(),
}).meta({
  id: "OpenDuty",
  description: "A problem; where a password has to be chosen, with the token to do so.",
});

/** Sign-in for programs that are no browser: the same use case, the same duties, in words that a program reads (C7). */
const startSession = operation({
  method: "POST",
  path: "/sessions",
  id: "startSession",
  tag,
  summary: "Sign in by username or e-mail and password",
  permission: "anyone",
  programsOnly: true,
  secret: true,
  body: z.object({ identifier: z.string(), password: z.string() }),
  status: 201,
  answer: StartedSession,
  problems: { 403: OpenDuty },
  alsoAnswers: [401, 403],
  async run(ctx, { body }) {
    const result = await signInWithPassword(ctx, body);
    if (result.outcome === "refused") return refused();
    const { token, expiresAt } = result.session;
    if (result.outcome === "signed_in") return { token, expiresAt, memberId: result.memberId };
    return dutyFirst({ reason: result.changeReason, token, expiresAt });
  },
});

function refused(): Response {
  return problem("unauthenticated", 401, "The username or the password is not right, or no longer accepted.");
}

function dutyFirst(pending: { reason: string | undefined; token: string; expiresAt: Date }): Response {
  const detail = "A new password has to be chosen first: PUT it to /api/v1/session/password with this token.";
  return problem("forbidden", 403, detail, { duty: "change_password", ...pending });
}

const readSession = operation({
  method: "GET",
  path: "/session",
  id: "readSession",
  tag,
  summary: "Ask whom the token speaks for, and what they may do",
  permission: "member",
  unlimited: true,
  answer: z
    .object({
      firm: z.object({ slug: z.string(), name: z.string() }),
      member: Named.extend({
        kind: z.enum(["staff", "contact"]),
        username: z.string(),
        email: z.string().optional(),
        securityGroup: z.string(),
        permissions: z.array(PermissionName),
      }),
    })
    .meta({ id: "Session" }),
  run: (ctx) => describeSession(ctx),
});

const endSession = operation({
  method: "DELETE",
  path: "/session",
  id: "endSession",
  tag,
  summary: "Sign out",
  description: "Ends the session of this token. An API token is revoked instead: it is no session.",
  permission: "person",
  status: 204,
  run: (ctx) => signOut(ctx, undefined),
});

/** Does the duty of a pending session; the answer is the full session that follows it. */
const choosePassword = operation({
  method: "PUT",
  path: "/session/password",
  id: "choosePassword",
  tag,
  summary: "Choose the password that a sign-in asked for",
  permission: "pending",
  programsOnly: true,
  secret: true,
  body: z.object({ newPassword: z.string(), confirmPassword: z.string() }),
  status: 201,
  answer: StartedSession,
  async run(ctx, { body }) {
    const { memberId, session } = await changePasswordAsDuty(ctx, body);
    return { token: session.token, expiresAt: session.expiresAt, memberId };
  },
});

export const sessionOperations = [startSession, readSession, endSession, choosePassword];
