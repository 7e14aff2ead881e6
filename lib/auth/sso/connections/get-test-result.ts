import { and, eq } from "drizzle-orm";
import { connectionConfigurations, ssoFlows } from "#db/schema/connections.ts";
import { notFound } from "#lib/core/errors.ts";
import { isId } from "#lib/core/ids.ts";
import { query } from "#lib/core/query.ts";
import type { TestResult } from "../describe-test.ts";
import { requireConnection } from "./find-connection.ts";

type Wish = { connectionId: string; flowId: string };

/** As a flow keeps it: what came through, or why nothing did. */
type Kept = TestResult | { reason: string; detail?: Record<string, string> };

/**
 * What a test sign-in brought, for whoever began it and nobody else: it is somebody's own profile at the provider. Throws
 * not_found.
 */
export const getTestResult = query({
  event: "connection.test_read",
  permission: "sso:manage",
  async run({ db, ctx }, { connectionId, flowId }: Wish) {
    const connection = await requireConnection(db, connectionId);
    if (!isId(flowId) || !ctx.actor) throw notFound();
    const [found] = await db
      .select({ flow: ssoFlows, configuration: connectionConfigurations })
      .from(ssoFlows)
      .innerJoin(connectionConfigurations, eq(connectionConfigurations.id, ssoFlows.configurationId))
      .where(
        and(
          eq(ssoFlows.id, flowId),
          eq(ssoFlows.connectionId, connectionId),
          eq(ssoFlows.purpose, "test"),
          eq(ssoFlows.memberId, ctx.actor.memberId),
        ),
      );
    if (!found) throw notFound();
    const { flow, configuration } = found;
    return {
      connection,
      result: (flow.result ?? undefined) as Kept | undefined,
      /** Whether it is still the draft that was tested. */
      current: configuration.role === "draft",
    };
  },
});
