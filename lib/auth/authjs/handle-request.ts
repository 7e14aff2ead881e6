import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import type { Context } from "#lib/core/context.ts";
import { answerCallback, type Finish } from "./answer-callback.ts";
import { configFor, onFirmOrigin } from "./config.ts";

const CALLBACK = /^\/api\/auth\/callback\/([^/]+)$/;

/**
 * Answers one of Auth.js's routes for one firm. Somebody who comes back from a provider is answered under the configuration
 * that they left with; no other route knows a provider.
 */
export async function handleAuthjsRequest(
  ctx: Context,
  request: NextRequest,
  finish: Finish,
): Promise<Response> {
  const [, connectionId] = CALLBACK.exec(request.nextUrl.pathname) ?? [];
  if (connectionId) return answerCallback(ctx, request, connectionId, finish);
  const { GET, POST } = NextAuth(configFor(ctx)).handlers;
  const onFirm = onFirmOrigin(ctx, request);
  return withoutRenewal(request.method === "POST" ? await POST(onFirm) : await GET(onFirm));
}

/** Reading a session would write its cookie again, and make it outlive the browser: only ending one may touch it. */
function withoutRenewal(response: Response): Response {
  const kept = response.headers.getSetCookie().filter((cookie) => !/^__Host-session=[^;]/.test(cookie));
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  for (const cookie of kept) headers.append("set-cookie", cookie);
  return new Response(response.body, { status: response.status, headers });
}
