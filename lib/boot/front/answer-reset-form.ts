import type { IncomingMessage, ServerResponse } from "node:http";
import { RecoveryInput } from "#lib/auth/reset/input.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { DomainError } from "#lib/core/errors.ts";
import type { RequestStamp } from "#lib/tenancy/request-stamp.ts";
import { visitorAt } from "#lib/tenancy/visitor-context.ts";
import { formIn } from "./request-body.ts";

const PATH = "/forgot-password";

/**
 * Answers the form that asks for a reset mail without the pages: by their Server Action it costs the process nearly three
 * times as much (PERF5). Says whether it did. Another button, and a name that cannot be one change nothing here and go the long
 * way, and so does what is refused, for the form to say what is wrong.
 *
 * @throws DomainError overloaded
 */
export async function answerResetForm(
  request: IncomingMessage,
  response: ServerResponse,
  { tenant, host, requestId, source }: RequestStamp,
  path: string,
): Promise<boolean> {
  // A page that still has the framework calls its action by itself, and wants an answer of the framework's.
  if (path !== PATH || !tenant || request.headers["next-action"] !== undefined) return false;
  const form = formIn(request);
  if (!form || theOne(form, "intent") !== "send") return false;
  const typed = RecoveryInput.safeParse({ identifier: theOne(form, "identifier") });
  if (!typed.success) return false;
  try {
    const visitor = visitorAt(tenant, { host, requestId, source }, request.headers["user-agent"]);
    await requestReset(visitor, typed.data);
  } catch (error) {
    // Who is overloaded is not asked twice.
    if (!(error instanceof DomainError) || error.code === "overloaded") throw error;
    return false;
  }
  response.writeHead(303, { location: `${PATH}?sent`, "cache-control": "no-store" }).end();
  return true;
}

/** A field that is there once (SEC28). */
function theOne(form: FormData, name: string): string | undefined {
  const values = form.getAll(name);
  return values.length === 1 && typeof values[0] === "string" ? values[0] : undefined;
}
