import { command } from "#lib/core/command.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { invalid, rateLimited } from "#lib/core/errors.ts";
import { sourceOf, takeAllowances } from "#lib/core/rate-limit.ts";
import { findFirmByAddress } from "./find-firm-by-address.ts";
import { forAnotherFirm } from "./for-another-firm.ts";
import { RequestFirmLinkInput } from "./input.ts";
import { offerFirmLink } from "./offer-firm-link.ts";

/** What one person asks for: few have more than a handful of firms. */
const PER_MEMBER = { burst: 10, everySeconds: 360 };
const PER_SOURCE = { burst: 30, everySeconds: 120 };

/**
 * Asks another firm to let somebody's two accounts know of each other (X10). If it has an account with the same
 * address, it sends a mail there; whoever asks hears the same whatever it has.
 * @throws DomainError unauthenticated, forbidden, invalid, rate_limited
 */
export async function requestFirmLink(ctx: Context, input: unknown): Promise<void> {
  const { firm, email } = await askForFirmLink(ctx, input);
  const other = await findFirmByAddress(firm);
  if (!other || other.id === ctx.tenant.id) return;
  const asking = { email, askingFirmId: ctx.tenant.id, askingFirmName: unmistakable(ctx.tenant) };
  await offerFirmLink(forAnotherFirm(other, ctx), asking);
}

/** The asker's half: who may ask, how often, and that it was asked. */
export const askForFirmLink = command({
  event: "firm_link.requested",
  permission: "person",
  input: RequestFirmLinkInput,
  async run({ db, ctx }, { firm }) {
    const { memberId = "", email } = ctx.actor ?? {};
    if (!email)
      throw invalid({ firm: ["Your account has no e-mail address that the other firm could know."] });
    const allowed = await takeAllowances(db, [
      { key: `firm-link:source:${sourceOf(ctx.origin)}`, ...PER_SOURCE },
      { key: `firm-link:member:${memberId}`, ...PER_MEMBER },
    ]);
    if (!allowed) throw rateLimited("too_many_firm_links", PER_MEMBER.everySeconds);
    return { id: memberId, firm, email };
  },
});

/** A firm calls itself what it likes, also like another one: its address is its own. */
function unmistakable({ name, slug }: Tenant): string {
  return `${name.slice(0, 60)} (${slug})`;
}
