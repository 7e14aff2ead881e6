import { beginTest } from "#lib/auth/sso/connections/begin-test.ts";
import { DomainError } from "#lib/core/errors.ts";
import { requireContext } from "#lib/web/context.ts";
import { startSso } from "#lib/web/start-sso.ts";

/** Leaves for the provider with the draft, in the tab that the wizard has opened. */
export async function POST(
  _request: Request,
  { params }: RouteContext<"/settings/sso/[id]/test/begin">,
): Promise<Response> {
  const ctx = await requireContext();
  const { id } = await params;
  try {
    const configured = await beginTest(ctx, { connectionId: id });
    return startSso(ctx, configured, { next: "/", purpose: "test", memberId: ctx.actor.memberId });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return new Response(error.message, { status: error.status });
  }
}
