import { and, eq, isNull } from "drizzle-orm";
import { breakGlass } from "#db/schema/connections.ts";
import { requirePerson } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { EndBreakGlassInput } from "./input.ts";

/**
 * Ends what was proposed or armed, at once. One person is enough: it opens nothing. Sessions that it began go on; they end
 * on the member's page.
 * @throws DomainError not_found, forbidden
 */
export const stopBreakGlass = command({
  event: "break_glass.ended",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: EndBreakGlassInput,
  async run({ db, ctx }, { breakGlassId }) {
    requirePerson(ctx);
    const [ended] = await db
      .update(breakGlass)
      .set({ endedAt: ctx.now })
      .where(and(eq(breakGlass.id, breakGlassId), isNull(breakGlass.endedAt)))
      .returning({ memberId: breakGlass.memberId });
    if (!ended) throw notFound();
    return { id: ended.memberId };
  },
});
