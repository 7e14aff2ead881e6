import * as z from "zod";
import { endMemberSession } from "#lib/auth/session/end-member-session.ts";
import { endMemberSessions } from "#lib/auth/session/end-member-sessions.ts";
import { endOneSession } from "#lib/auth/session/end-one-session.ts";
import type { LiveSession } from "#lib/auth/session/find-live-sessions.ts";
import { FACTORS, factorOf } from "#lib/auth/session/how-proven.ts";
import { listMemberSessions } from "#lib/auth/session/list-member-sessions.ts";
import { listOwnSessions } from "#lib/auth/session/list-own-sessions.ts";
import { Id, Moment } from "../fields.ts";
import { operation } from "../operation.ts";
import { params } from "./people.ts";

const tag = "Session";

/** How a session was begun, as the API names it. */
export const provenFields = {
  method: z.enum(["password", "passkey", "sso"]),
  factor: z
    .enum(FACTORS)
    .nullable()
    .meta({ description: "The second factor, or what stood for one. Null where there was none." }),
};

const Session = z
  .object({
    id: Id,
    current: z.boolean().meta({ description: "Whether it is the one that asks." }),
    browser: z.string().meta({ description: "What the browser calls itself, in words." }),
    address: z.string().meta({ description: "As much of the address as tells two places apart." }),
    ...provenFields,
    startedAt: Moment,
    lastSeenAt: Moment,
  })
  .meta({ id: "LiveSession", description: "Where somebody is signed in." });

const Sessions = z.object({ data: z.array(Session) });

function shown(session: LiveSession) {
  const { isHere: current, ...rest } = session;
  return { ...rest, current, factor: factorOf(session) ?? null };
}

const list = operation({
  method: "GET",
  path: "/sessions",
  id: "listSessions",
  tag,
  summary: "List where you are signed in",
  description: "The session that asks in front, then by when they were seen last.",
  permission: "person",
  answer: Sessions,
  async run(ctx) {
    return { data: (await listOwnSessions(ctx)).sessions.map(shown) };
  },
});

const end = operation({
  method: "DELETE",
  path: "/sessions/{sessionId}",
  id: "endOneSession",
  tag,
  summary: "End one of your sessions",
  description: "It is refused from its next request on.",
  permission: "person",
  params: z.object({ sessionId: Id }),
  status: 204,
  run: (ctx, call) => endOneSession(ctx, call.params),
});

const listOf = operation({
  method: "GET",
  path: "/members/{memberId}/sessions",
  id: "listMemberSessions",
  tag,
  summary: "List where a member or a contact is signed in",
  permission: "sessions:manage",
  mayNeed: ["members:read", "clients:read"],
  params,
  answer: Sessions,
  async run(ctx, call) {
    return { data: (await listMemberSessions(ctx, call.params.memberId)).sessions.map(shown) };
  },
});

const endAllOf = operation({
  method: "DELETE",
  path: "/members/{memberId}/sessions",
  id: "endMemberSessions",
  tag,
  summary: "Sign a member or a contact out everywhere",
  description: "Each session is refused from its next request on. The owner is told by e-mail.",
  permission: "sessions:manage",
  mayNeed: ["members:read", "clients:read"],
  params,
  status: 204,
  run: (ctx, call) => endMemberSessions(ctx, call.params),
});

const endOf = operation({
  method: "DELETE",
  path: "/members/{memberId}/sessions/{sessionId}",
  id: "endMemberSession",
  tag,
  summary: "End one session of a member or a contact",
  permission: "sessions:manage",
  mayNeed: ["members:read", "clients:read"],
  params: params.extend({ sessionId: Id }),
  status: 204,
  run: (ctx, call) => endMemberSession(ctx, call.params),
});

export const sessionListOperations = [list, end, listOf, endAllOf, endOf];
