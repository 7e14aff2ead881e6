import * as z from "zod";
import { extendInvitation } from "#lib/members/invitations/extend-invitation.ts";
import { INVITATION_STATES } from "#lib/members/invitations/input.ts";
import { listInvitations } from "#lib/members/invitations/list-invitations.ts";
import { revokeInvitation } from "#lib/members/invitations/revoke-invitation.ts";
import { Id, Moment, Named } from "../fields.ts";
import { operation } from "../operation.ts";
import { cut, Paging, pageOf } from "../paging.ts";
import { Search, shownUsername } from "./people.ts";

const tag = "Invitations";

/** Whoever is invited has one invitation that counts: it goes by the member's id. */
const params = z.object({ memberId: Id });

const Invitation = Named.extend({
  kind: z.enum(["staff", "contact"]),
  username: z.string().nullable(),
  email: z.string().nullable(),
  state: z.enum(INVITATION_STATES),
  invitedAt: Moment,
  expiresAt: Moment.nullable(),
  openedAt: Moment.nullable(),
  acceptedAt: Moment.nullable(),
  extendable: z.boolean(),
  revocable: z.boolean(),
}).meta({ id: "Invitation", description: "Who was invited, and what became of it. The id is the person's." });

const list = operation({
  method: "GET",
  path: "/invitations",
  id: "listInvitations",
  tag,
  summary: "List who was invited, and what became of it",
  permission: "member",
  mayNeed: ["members:read", "clients:read"],
  query: Paging.extend({
    kind: z
      .enum(["staff", "contact"])
      .optional()
      .meta({ description: "Without it the staff, or contacts for who sees these alone." }),
    q: Search,
    state: z.enum(INVITATION_STATES).optional(),
  }),
  answer: pageOf(Invitation),
  async run(ctx, { query }) {
    const { invitations, next } = await listInvitations(ctx, query);
    const rows = invitations.map(({ address, username, expiresAt, openedAt, acceptedAt, ...row }) => ({
      ...row,
      username: shownUsername(username),
      email: address ?? null,
      expiresAt: expiresAt ?? null,
      openedAt: openedAt ?? null,
      acceptedAt: acceptedAt ?? null,
    }));
    return cut({ rows, next }, query.limit);
  },
});

const extend = operation({
  method: "POST",
  path: "/invitations/{memberId}/extend",
  id: "extendInvitation",
  tag,
  summary: "Let an invitation be good for another seven days",
  description: "The link stays the same. A new one is sent by a credential reset.",
  permission: "member",
  mayNeed: ["members:manage", "contacts:reset"],
  params,
  answer: z.object({ memberId: Id, expiresAt: Moment }).meta({ id: "ExtendedInvitation" }),
  async run(ctx, call) {
    const { id, expiresAt } = await extendInvitation(ctx, call.params);
    return { memberId: id, expiresAt };
  },
});

const revoke = operation({
  method: "DELETE",
  path: "/invitations/{memberId}",
  id: "revokeInvitation",
  tag,
  summary: "Take an invitation back",
  description: "The link is dead at once, and one that waits to be mailed does not go.",
  permission: "member",
  mayNeed: ["members:manage", "contacts:reset"],
  params,
  status: 204,
  run: (ctx, call) => revokeInvitation(ctx, call.params),
});

export const invitationOperations = [list, extend, revoke];
