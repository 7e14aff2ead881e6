import * as z from "zod";
import { beginAuthenticatorAppAsDuty } from "#lib/auth/mfa/begin-authenticator-app.ts";
import { confirmAuthenticatorAppAsDuty } from "#lib/auth/mfa/confirm-authenticator-app.ts";
import { proveSecondFactor } from "#lib/auth/mfa/prove-second-factor.ts";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { signOut } from "#lib/auth/session/sign-out.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { DUTIES, type Duty } from "#lib/policy/session.ts";
import { sessionCheck } from "../checks/session-check.ts";
import { Id, Moment, Named, PermissionName, Problem } from "../fields.ts";
import { operation } from "../operation.ts";
import { problem } from "../problem.ts";
import { provenFields } from "./sessions.ts";

const tag = "Session";

const NewSession = z
  .object({ token: z.string(), expiresAt: Moment, memberId: Id })
  .meta({ id: "StartedSession", description: "A session. Its token is shown this once." });

const OpenDuty = Problem.extend({
  duty: z.enum(DUTIES).optional(),
  reason: z.string().optional(),
  token: z.string().optional(),
  expiresAt: Moment.optional(),
}).meta({
  id: "OpenDuty",
  description: "A problem; where something is owed before the session is full, with the token to do so.",
});

/** Sign-in for programs that are no browser: the same use case, the same duties, in words that a program reads (C7). */
export const startSession = operation({
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
  answer: NewSession,
  problems: { 403: OpenDuty },
  alsoAnswers: [401, 403],
  async run(ctx, { body }) {
    const result = await signInWithPassword(ctx, body);
    if (result.outcome === "refused") return refused();
    const { token, expiresAt } = result.session;
    if (result.outcome === "signed_in") return { token, expiresAt, memberId: result.memberId };
    return dutyFirst({ ...result.session, reason: result.changeReason });
  },
});

function refused(): Response {
  return problem("unauthenticated", 401, "The username or the password is not right, or no longer accepted.");
}

type Owing = Pick<StartedSession, "duties" | "token" | "expiresAt"> & { reason?: string | undefined };

/** What is owed first, and where: the same duties as in a browser, in words that a program reads (C7). */
function dutyFirst({ duties, reason, token, expiresAt }: Owing): Response {
  const [duty = "second_factor"] = duties;
  return problem("forbidden", 403, HOW[duty], { duty, ...(reason && { reason }), token, expiresAt });
}

const HOW: Record<Duty, string> = {
  second_factor: "A second factor is asked for: PUT a code to /api/v1/session/second-factor with this token.",
  change_password:
    "A new password has to be chosen first: PUT it to /api/v1/session/password with this token.",
  enroll_second_factor:
    "A second factor has to be set up first: POST to /api/v1/session/authenticator-app with this token.",
};

/** The full session that follows a duty, or what is owed next. */
function nextOf(memberId: string, session: StartedSession) {
  if (session.kind === "pending") return dutyFirst(session);
  return { token: session.token, expiresAt: session.expiresAt, memberId };
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
      session: z
        .object({
          id: Id,
          ...provenFields,
          startedAt: Moment,
          asOf: Moment.meta({ description: "The portal's clock." }),
          endsAt: Moment.meta({ description: "When it ends without another request." }),
          expiresAt: Moment.meta({ description: "When it ends in any case." }),
        })
        .nullable()
        .meta({ description: "Null for an API token, which is no session." }),
    })
    .meta({ id: "Session" }),
  check: sessionCheck,
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
  answer: NewSession,
  problems: { 403: OpenDuty },
  alsoAnswers: [403],
  async run(ctx, { body }) {
    const { memberId, session } = await changePasswordAsDuty(ctx, body);
    return nextOf(memberId, session);
  },
});

/** A wrong code is as wrong as a wrong password: the answer says no more than that. */
const proveFactor = operation({
  method: "PUT",
  path: "/session/second-factor",
  id: "proveSecondFactor",
  tag,
  summary: "Prove the second factor that a sign-in asked for",
  description: "A code of the authenticator app, or a recovery code. Each is good once.",
  permission: "pending",
  programsOnly: true,
  secret: true,
  body: z.object({ code: z.string() }),
  status: 201,
  answer: NewSession,
  problems: { 403: OpenDuty },
  alsoAnswers: [401, 403],
  async run(ctx, { body }) {
    const result = await proveSecondFactor(ctx, body);
    if (result.outcome === "refused") return codeRefused();
    return nextOf(result.memberId, result.session);
  },
});

function codeRefused(): Response {
  return problem("unauthenticated", 401, "The code is not right, or no longer accepted.");
}

const beginApp = operation({
  method: "POST",
  path: "/session/authenticator-app",
  id: "beginAuthenticatorApp",
  tag,
  summary: "Begin to set up the authenticator app that a sign-in asked for",
  description:
    "The secret is for the app alone. It counts once a code of it is put to the same address, with the same token.",
  permission: "pending",
  programsOnly: true,
  secret: true,
  status: 201,
  answer: z.object({ secret: z.string(), uri: z.string() }).meta({ id: "BegunAuthenticatorApp" }),
  run: (ctx) => beginAuthenticatorAppAsDuty(ctx, undefined),
});

const confirmApp = operation({
  method: "PUT",
  path: "/session/authenticator-app",
  id: "confirmAuthenticatorApp",
  tag,
  summary: "Confirm the authenticator app by a code of it",
  description:
    "The recovery codes are shown this once. Each of them is good once in place of a code of the app.",
  permission: "pending",
  programsOnly: true,
  secret: true,
  body: z.object({ code: z.string() }),
  status: 201,
  answer: NewSession.extend({ recoveryCodes: z.array(z.string()).optional() }).meta({
    id: "ConfirmedAuthenticatorApp",
    description: "A session with the recovery codes. Its token and the codes are shown this once.",
  }),
  problems: { 403: OpenDuty },
  alsoAnswers: [403, 409],
  async run(ctx, { body }) {
    const { memberId, session, recoveryCodes } = await confirmAuthenticatorAppAsDuty(ctx, body);
    const next = nextOf(memberId, session);
    return next instanceof Response ? next : { ...next, recoveryCodes };
  },
});

export const sessionOperations = [
  startSession,
  readSession,
  endSession,
  choosePassword,
  proveFactor,
  beginApp,
  confirmApp,
];
