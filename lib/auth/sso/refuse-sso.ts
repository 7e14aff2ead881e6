import { eq } from "drizzle-orm";
import * as z from "zod";
import { ssoFlows } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { countFailure } from "./count-outcome.ts";
import { consumeFlow, type Flow } from "./flows.ts";

const Refusal = z.object({
  connectionId: z.uuid(),
  /** Of whatever the browser had begun; it is over. */
  flowToken: z.string().max(200).optional(),
  /** One word for the firm's audit log: `wrong_issuer`. */
  reason: z.string().regex(/^[a-z0-9_]{1,60}$/),
  /** What explains it, in words of ours or numbers: nothing that the provider or the browser chose at will. */
  detail: z.record(z.string(), z.string().max(200)).default({}),
});

export type SsoRefusal = { outcome: "refused"; reason: string; connectionId: string; testId?: string };

/**
 * Ends a sign-in whose answer from the provider does not hold: recorded with its reason, and for the person the same page
 * whatever it was. Of a test sign-in the reason is what its administrator reads.
 */
export async function refuseSso(ctx: Context, refusal: z.input<typeof Refusal>): Promise<SsoRefusal> {
  if (refusal.flowToken !== undefined) return endSsoFlow(ctx, refusal);
  const { connectionId, reason, detail } = refusal;
  // Nobody here has begun anything: a flood of such answers is one event a minute.
  const visitor = { ...ctx, actor: undefined, pending: undefined };
  await recordRefusal(visitor, "sso", reason, { ...detail, connection: connectionId });
  return { outcome: "refused", reason, connectionId };
}

export const endSsoFlow = command({
  event: "sso",
  permission: "anyone",
  input: Refusal,
  async run({ db, ctx }, { connectionId, flowToken, reason, detail }) {
    const flow = flowToken ? await consumeFlow(db, ctx.now, { token: flowToken, connectionId }) : undefined;
    const testId = flow?.purpose === "test" ? await noteResult(db, flow, { reason, detail }) : undefined;
    // Only what somebody here has begun says anything about the configuration.
    if (flow?.purpose === "sign_in") {
      await countFailure(db, ctx, { configurationId: flow.configurationId, reason, why: detail.why });
    }
    return { outcome: "refused" as const, reason, connectionId, detail, ...(testId && { testId }) };
  },
  audit: ({ reason, connectionId, detail }) => [
    { event: "sso.refused", targetId: undefined, reason, detail: { ...detail, connection: connectionId } },
  ],
});

async function noteResult(db: TenantDb, flow: Flow, result: Record<string, unknown>): Promise<string> {
  await db.update(ssoFlows).set({ result }).where(eq(ssoFlows.id, flow.id));
  return flow.id;
}
