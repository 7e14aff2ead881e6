import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { jsonBody, problem, programEndpoint } from "#lib/web/api.ts";

/** Sign-in for programs that are no browser: the same use case, the same duties, in words that a program reads (C7). */
export const POST = programEndpoint(async (ctx, request) => {
  const result = await signInWithPassword(ctx, await jsonBody(request));
  if (result.outcome === "refused") {
    return problem(
      "unauthenticated",
      401,
      "The username or the password is not right, or no longer accepted.",
    );
  }
  const { token, expiresAt } = result.session;
  if (result.outcome === "signed_in") {
    return Response.json(
      { token, expiresAt, memberId: result.memberId },
      { status: 201, headers: { "cache-control": "no-store" } },
    );
  }
  const detail = "A new password has to be chosen first: PUT it to /api/v1/session/password with this token.";
  return problem("forbidden", 403, detail, {
    duty: "change_password",
    reason: result.changeReason,
    token,
    expiresAt,
  });
});
