import type * as z from "zod";
import { withTenant } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { rateLimited } from "#lib/core/errors.ts";
import { takeAllowances } from "#lib/core/rate-limit.ts";
import { makeDraft } from "../connections/make-draft.ts";
import { storeDraft } from "../connections/store-draft.ts";
import { findSetupLink } from "./find-setup-link.ts";
import { SaveSetupInput } from "./input.ts";

/** Each time a provider is asked, or a key is made: by somebody outside, as often as they press. */
const PER_LINK = { burst: 20, everySeconds: 60 };

/**
 * Saves a draft by a set-up link: of its one connection, whatever the form says, and no more than a draft. It is neither
 * tested nor put into service by it (G3).
 * @throws DomainError invalid, conflict, rate_limited
 */
export const saveDraftBySetupLink = command({
  event: "setup_link.used",
  permission: "anyone",
  input: SaveSetupInput,
  prepare: makeLinkedDraft,
  async run({ db, ctx, prepared }, { token }) {
    const link = await findSetupLink(db, ctx.now, token);
    if (!link || !prepared || prepared.connectionId !== link.connectionId)
      return { outcome: "dead" as const };
    const stored = await storeDraft(db, withoutSession(ctx), link.connectionId, prepared.made);
    return { outcome: "saved" as const, link, ...stored };
  },
  audit: (result) => {
    if (result.outcome === "dead") return [];
    const { link, connectionId, configurationId, changed } = result;
    const detail = { link: link.id, ...(changed && { configuration: configurationId }) };
    return [{ event: "setup_link.used", targetId: connectionId, detail }];
  },
});

/** The provider is asked only for somebody whose link works, and not without end. */
async function makeLinkedDraft(ctx: Context, { token, draft }: z.output<typeof SaveSetupInput>) {
  const { link, allowed } = await withTenant(ctx.tenant.id, async (db, now) => {
    const link = await findSetupLink(db, now, token);
    const allowance = { key: `sso:setup:${link?.id}`, ...PER_LINK };
    return { link, allowed: link !== undefined && (await takeAllowances(db, [allowance])) };
  });
  if (!link) return undefined;
  if (!allowed) throw rateLimited("saved_too_often", PER_LINK.everySeconds);
  const { connectionId } = link;
  return { connectionId, made: await makeDraft(ctx, { ...draft, connectionId }) };
}

/** Somebody who happens to be signed in as well does not do this. */
function withoutSession<Caller extends Context>(ctx: Caller): Caller {
  return { ...ctx, actor: undefined };
}
