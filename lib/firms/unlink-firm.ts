import { sql } from "drizzle-orm";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockMember } from "#lib/members/find-member.ts";
import { UnlinkFirmInput } from "./input.ts";
import { findLinkedFirm } from "./linked-firms.ts";
import { recordInOtherFirm } from "./record-firm-link.ts";

/**
 * Ends the link with another firm, in both (X10). The accounts stay as they are.
 * @throws DomainError unauthenticated, forbidden, invalid, not_found
 */
export async function unlinkFirm(ctx: Context, input: unknown): Promise<{ firmName: string | undefined }> {
  const { other } = await endFirmLink(ctx, input);
  if (other) await recordInOtherFirm(ctx, other, "unlinked");
  return { firmName: other?.name };
}

/** The half of the firm in which it is asked for. */
export const endFirmLink = command({
  event: "firm.unlinked",
  permission: "person",
  input: UnlinkFirmInput,
  async run({ db, ctx }, { firmId }) {
    const id = ctx.actor?.memberId ?? "";
    await lockMember(db, id);
    const other = await findLinkedFirm(db, id, firmId);
    const [row] = await db.execute<{ ended: boolean }>(sql`select unlink_firms(${id}, ${firmId}) as ended`);
    if (!row?.ended) throw notFound("This firm is not linked.");
    return { id, other };
  },
  audit: ({ id: targetId, other }, { firmId }) => [
    { event: "firm.unlinked", targetId, detail: { otherFirm: other?.slug ?? firmId } },
  ],
});
