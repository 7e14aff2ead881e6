import type { NextRequest } from "next/server";
import { handleAuthjsRequest } from "#lib/auth/authjs/handle-request.ts";
import { visitorContext } from "#lib/web/context.ts";

async function handle(request: NextRequest): Promise<Response> {
  return handleAuthjsRequest(await visitorContext(), request);
}

export { handle as GET, handle as POST };
