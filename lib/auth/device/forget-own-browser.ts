import { and, eq } from "drizzle-orm";
import { knownDevices } from "#db/schema/members.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { ForgetBrowserInput } from "./input.ts";

/**
 * Forgets one of the caller's browsers: the next sign-in in it asks for the second factor, and is told of as a new one.
 * @throws DomainError not_found
 */
export const forgetOwnBrowser = command({
  event: "browser.forgotten",
  permission: "person",
  input: ForgetBrowserInput,
  async run({ db, ctx }, { browserId }) {
    const memberId = ctx.actor?.memberId ?? "";
    const [forgotten] = await db
      .delete(knownDevices)
      .where(and(eq(knownDevices.id, browserId), eq(knownDevices.memberId, memberId)))
      .returning({ id: knownDevices.id });
    if (!forgotten) throw notFound();
    return { id: memberId };
  },
});
