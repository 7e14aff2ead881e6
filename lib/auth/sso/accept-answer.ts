import { eq } from "drizzle-orm";
import { connectionConfigurations, ssoFlows } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import type { RunContext } from "#lib/core/command.ts";
import { type Configured, findConfiguration } from "./configuration.ts";
import { mayStillServe } from "./connections/switch-configuration.ts";
import { consumeFlow, type Flow } from "./flows.ts";
import type { UpstreamIdentity } from "./upstream-identity.ts";

export type AcceptedAnswer =
  | { accepted: true; configured: Configured; flow: Flow | undefined }
  | { accepted: false; reason: string };

/**
 * Whether this browser has asked this connection for somebody, under a configuration that still counts: the flow is used up
 * by it (SEC64, REL5). An answer that nobody asked for counts only where the firm has said so for the connection (S6).
 */
export async function acceptAnswer(
  db: TenantDb,
  ctx: RunContext,
  { connectionId, configurationId }: UpstreamIdentity,
  flowToken: string | undefined,
): Promise<AcceptedAnswer> {
  const flow =
    flowToken === undefined ? undefined : await consumeFlow(db, ctx.now, { token: flowToken, connectionId });
  if (flowToken !== undefined && !flow) return { accepted: false, reason: "sign_in_over" };
  const configured = await findConfiguration(db, { connectionId, configurationId });
  if (!configured) return { accepted: false, reason: "unknown_configuration" };
  const reason = whyNot(configured, flow, ctx.now);
  return reason ? { accepted: false, reason } : { accepted: true, configured, flow };
}

function whyNot(configured: Configured, flow: Flow | undefined, now: Date): string | undefined {
  const { connection, configuration } = configured;
  if (flow?.purpose === "test") {
    return flow.configurationId === configuration.id ? undefined : "another_configuration";
  }
  if (connection.state !== "live") return "connection_not_live";
  if (!serves(configured, now)) return "configuration_not_serving";
  return flow || connection.allowsUnsolicited ? undefined : "unsolicited";
}

/** The one that serves, or for a while the one before it (DEC19). */
export function serves({ configuration }: Configured, now: Date): boolean {
  const { role } = configuration;
  return role === "serving" || (role === "former" && mayStillServe(configuration, now));
}

/** A test sign-in has come through: its result is kept for who began it, and this very configuration may go live. */
export async function noteTest(
  db: TenantDb,
  ctx: RunContext,
  flow: Flow,
  result: Record<string, unknown>,
): Promise<void> {
  await db.update(ssoFlows).set({ result }).where(eq(ssoFlows.id, flow.id));
  await db
    .update(connectionConfigurations)
    .set({ testedAt: ctx.now })
    .where(eq(connectionConfigurations.id, flow.configurationId));
}
