import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { jsonBody, programEndpoint } from "#lib/web/api.ts";

/** Does the duty of a pending session; the answer is the full session that follows it. */
export const PUT = programEndpoint(async (ctx, request) => {
  const { memberId, session } = await changePasswordAsDuty(ctx, await jsonBody(request));
  const { token, expiresAt } = session;
  return Response.json(
    { token, expiresAt, memberId },
    { status: 201, headers: { "cache-control": "no-store" } },
  );
});
