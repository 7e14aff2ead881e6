import type { NextRequest } from "next/server";
import { handleAuthjsRequest } from "#lib/auth/authjs/handle-request.ts";
import { visitorContext } from "#lib/web/context.ts";
import { finishSso } from "#lib/web/finish-sso.ts";

async function handle(request: NextRequest): Promise<Response> {
  return handleAuthjsRequest(await visitorContext(), request, finishSso);
}

export { handle as GET, handle as POST };
