import { hasPermission, requirePermission } from "#lib/core/access.ts";
import type { RunContext } from "#lib/core/command.ts";
import { countStates, pageByState } from "#lib/core/page-by-state.ts";
import { query } from "#lib/core/query.ts";
import type { Member } from "#lib/members/find-member.ts";
import { shownAddress } from "#lib/members/shown-address.ts";
import { latestCredentialMails, sayDelivery } from "#lib/outbox/delivery-state.ts";
import { countInvited, type InvitationRow, invitationsAfter } from "./find-invitations.ts";
import { INVITATION_STATES, InvitationFilters } from "./input.ts";
import { INVITATION_NEEDS, maySendTo } from "./invitation-needs.ts";

const SEEN_BY = { staff: "members:read", contact: "clients:read" } as const;

/**
 * Who was invited and what became of it (D3, 001-14), by name, a page at a time: the staff, or the contacts whom the
 * caller sees. In as many statements for a hundred as for one. Throws forbidden.
 */
export const listInvitations = query({
  event: "invitations.listed",
  permission: "member",
  async run({ db, ctx }, wish: unknown) {
    const filters = InvitationFilters.parse(wish);
    const kind = filters.kind ?? kindFor(ctx);
    requirePermission(ctx, SEEN_BY[kind]);
    const wanted = { kind, q: filters.q };
    const counted = await countInvited(db, ctx, wanted);
    const source = { counted, read: (place: Place) => invitationsAfter(db, ctx, wanted, place) };
    const { all, rows, next, lookedAt } = await pageByState(source, filters);
    const mails = await latestCredentialMails(
      db,
      rows.map(({ id }) => id),
    );
    return {
      ...{ kind, filters, next, lookedAt },
      /** How many are in each state, whichever is chosen; undefined where they are more than are counted. */
      counts: all && countStates(INVITATION_STATES, all),
      kinds: (["staff", "contact"] as const).filter((one) => hasPermission(ctx, SEEN_BY[one])),
      total: all?.length ?? counted,
      mayAct: hasPermission(ctx, INVITATION_NEEDS[kind]),
      maySend: maySendTo(ctx, kind),
      invitations: rows.map((row) => described(ctx, row, mails.get(row.id))),
    };
  },
});

type Place = { after: string | undefined; size: number };

export type ListedInvitations = Awaited<ReturnType<typeof listInvitations>>;
export type Invitation = ListedInvitations["invitations"][number];

function kindFor(ctx: RunContext): Member["kind"] {
  return hasPermission(ctx, "members:read") ? "staff" : "contact";
}

type Mail = Parameters<typeof sayDelivery>[0] | undefined;

function described(ctx: RunContext, row: InvitationRow, mail: Mail) {
  const { id, kind, name, state, why } = row;
  return {
    ...{ id, kind, name, state, why: why ?? undefined },
    ...shownAddress(ctx, row),
    invitedAt: new Date(row.invited_at),
    expiresAt: dateOf(row.expires_at),
    openedAt: dateOf(row.opened_at),
    acceptedAt: state === "accepted" ? dateOf(row.ended_at) : undefined,
    /** What the mail server made of the invitation, where that is its newest mail. */
    mail: mail?.template === "invitation" ? { state: mail.state, sentence: sayDelivery(mail) } : undefined,
    /** What was mailed and has not been taken back can be lived with longer, also when its time is over. */
    extendable: ["pending", "opened", "expired"].includes(state),
    revocable: ["queued", "pending", "opened", "expired"].includes(state),
    resendable: state !== "accepted" && state !== "queued" && !isOut(why),
  };
}

/** To whom nothing can be mailed as things are. */
function isOut(why: InvitationRow["why"]): boolean {
  return why === "disabled" || why === "frozen" || why === "federated";
}

function dateOf(text: string | null): Date | undefined {
  return text === null ? undefined : new Date(text);
}
