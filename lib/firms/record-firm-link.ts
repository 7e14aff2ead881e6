import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { forAnotherFirm } from "./for-another-firm.ts";
import { RecordFirmLinkInput } from "./input.ts";
import type { LinkedAccount } from "./linked-firms.ts";

/** Writes into the other firm's log what has happened to one of its accounts: each log is its own firm's. */
export async function recordInOtherFirm(
  ctx: Context,
  { memberId, ...tenant }: LinkedAccount,
  what: "linked" | "unlinked",
): Promise<void> {
  await recordFirmLink(forAnotherFirm(tenant, ctx), { memberId, otherFirm: ctx.tenant.slug, what });
}

export const recordFirmLink = command({
  event: "firm_link.recorded",
  permission: "system",
  input: RecordFirmLinkInput,
  run: async (_, { memberId }) => ({ id: memberId }),
  audit: ({ id: targetId }, { what, otherFirm }) => [
    { event: `firm.${what}`, targetId, reason: "in_the_other_firm", detail: { otherFirm } },
  ],
});
