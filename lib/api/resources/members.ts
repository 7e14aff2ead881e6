import * as z from "zod";
import { getMemberFactors } from "#lib/auth/lost-device/get-member-factors.ts";
import { resetFactors } from "#lib/auth/lost-device/reset-factors.ts";
import { stopFactorReset } from "#lib/auth/lost-device/stop-factor-reset.ts";
import type { Context } from "#lib/core/context.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { createMember } from "#lib/members/create-member-account.ts";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { readMembers } from "#lib/members/read-members.ts";
import { Id, Moment, Version } from "../fields.ts";
import { operation } from "../operation.ts";
import { cut, pageOf } from "../paging.ts";
import {
  ChangePerson,
  CreatedPerson,
  changed,
  PeopleQuery,
  Person,
  params,
  readRecord,
  recordFields,
  removed,
  requireMayList,
  restored,
  SetStatus,
  shownPerson,
  switched,
} from "./people.ts";

const tag = "Members";

const Member = Person.extend({ securityGroup: z.string() }).meta({
  id: "Member",
  description: "Somebody of the firm's staff.",
});

const MemberRecord = Person.extend(recordFields).meta({ id: "MemberRecord" });

const list = operation({
  method: "GET",
  path: "/members",
  id: "listMembers",
  tag,
  summary: "List the firm's staff",
  permission: "members:read",
  mayNeed: ["members:delete"],
  query: PeopleQuery,
  answer: pageOf(Member),
  async run(ctx, { query }) {
    await requireMayList(ctx, "staff", query);
    const { people, next } = await readMembers(ctx, query);
    const rows = people.map((person) => ({ ...shownPerson(person), securityGroup: person.group }));
    return cut({ rows, next }, query.limit);
  },
});

const create = operation({
  method: "POST",
  path: "/members",
  id: "createMember",
  tag,
  summary: "Add a member of the staff",
  description:
    "Without a password: the invitation, if one is wished, leads to choosing it. Nobody grants more than they hold.",
  permission: "members:manage",
  mayNeed: ["members:reset"],
  body: z.strictObject({
    name: z.string(),
    username: z.string().optional(),
    email: z.string(),
    securityGroupId: Id,
    invite: z.boolean().default(false),
  }),
  status: 201,
  answer: CreatedPerson,
  location: ({ id }) => `/api/v1/members/${id}`,
  run: (ctx, { body }) => createMember(ctx, { ...body, kind: "staff" }),
});

const get = operation({
  method: "GET",
  path: "/members/{memberId}",
  id: "getMember",
  tag,
  summary: "Read a member of the staff",
  permission: "members:read",
  params,
  answer: MemberRecord,
  tagged: true,
  run: (ctx, call) => readRecord(ctx, "staff", call),
});

const change = operation({
  method: "PATCH",
  path: "/members/{memberId}",
  id: "changeMember",
  tag,
  summary: "Change what a member goes by",
  description:
    "What is left out stays as it is. A new address ends what was mailed to the old one, and both are told.",
  permission: "members:manage",
  mayNeed: ["members:read"],
  params,
  body: ChangePerson,
  answer: MemberRecord,
  tagged: true,
  conditional: true,
  run: (ctx, call) => changed(ctx, "staff", call),
});

const remove = operation({
  method: "DELETE",
  path: "/members/{memberId}",
  id: "deleteMember",
  tag,
  summary: "Delete a member",
  description: "Everything that is open ends at once. The account can be restored until it is erased.",
  permission: "members:delete",
  mayNeed: ["members:read"],
  params,
  status: 204,
  conditional: true,
  run: (ctx, call) => removed(ctx, "staff", call),
});

const restore = operation({
  method: "POST",
  path: "/members/{memberId}/restore",
  id: "restoreMember",
  tag,
  summary: "Bring a deleted member back",
  description: "With group, password and clients, and disabled until somebody enables it.",
  permission: "members:delete",
  mayNeed: ["members:read"],
  params,
  answer: MemberRecord,
  tagged: true,
  run: (ctx, call) => restored(ctx, "staff", call),
});

const setStatus = operation({
  method: "PUT",
  path: "/members/{memberId}/access",
  id: "setMemberAccess",
  tag,
  summary: "Switch a member's access off or on",
  description: "Off, sessions, API tokens and mailed links end at once.",
  permission: "members:manage",
  mayNeed: ["members:read"],
  params,
  body: SetStatus,
  answer: MemberRecord,
  tagged: true,
  conditional: true,
  run: (ctx, call) => switched(ctx, "staff", call),
});

const Security = z
  .object({
    securityGroupId: Id,
    status: z.enum(["enabled", "disabled"]),
    mustChangePassword: z.boolean(),
    enrolmentRequired: z.boolean().meta({ description: "Whether a second factor is wanted of this member." }),
    idleMinutes: z.int().nullable().meta({
      description:
        "Minutes without a request until this member is signed out, where the firm's are more; null for none.",
    }),
    version: Version,
  })
  .meta({ id: "Security", description: "The Password & Security tab. Who signs in by SSO has none." });

const getSecurity = operation({
  method: "GET",
  path: "/members/{memberId}/security",
  id: "getMemberSecurity",
  tag,
  summary: "Read how somebody's account is secured",
  description: "Of staff and of contacts; not found for whoever signs in by SSO.",
  permission: "members:manage",
  params,
  answer: Security,
  tagged: true,
  run: (ctx, { params: { memberId } }) => readSecurity(ctx, memberId),
});

const changeSecurity = operation({
  method: "PATCH",
  path: "/members/{memberId}/security",
  id: "changeMemberSecurity",
  tag,
  summary: "Change somebody's security group, status, or what is asked of them at sign-in",
  description: "Nobody grants more than they hold, and the last Administrator stays one.",
  permission: "members:manage",
  mayNeed: ["members:force_change"],
  params,
  body: z.strictObject({
    securityGroupId: Id.optional(),
    status: z.enum(["enabled", "disabled"]).optional(),
    mustChangePassword: z.boolean().optional(),
    enrolmentRequired: z.boolean().optional(),
    idleMinutes: z.int().nullable().optional(),
  }),
  answer: Security,
  tagged: true,
  conditional: true,
  async run(ctx, { params: { memberId }, body, version }) {
    const now = await readSecurity(ctx, memberId);
    const { mustChangePassword, enrolmentRequired, idleMinutes, ...next } = {
      ...now,
      ...body,
      version: version ?? now.version,
    };
    await changeMemberSecurity(ctx, {
      ...next,
      memberId,
      idleMinutes: idleMinutes === null ? null : String(idleMinutes),
      ...(mustChangePassword && { mustChangePassword: "on" }),
      ...(enrolmentRequired && { enrolmentRequired: "on" }),
    });
    return readSecurity(ctx, memberId);
  },
});

const takeFactors = operation({
  method: "DELETE",
  path: "/members/{memberId}/second-factors",
  id: "resetSecondFactors",
  tag,
  summary: "Take away all second factors of somebody who has lost them",
  description:
    "Of staff and of contacts, never of oneself or of somebody who may do more. Sessions and API tokens end, and the owner is told.",
  permission: "factors:reset",
  params,
  body: z.strictObject({
    reason: z.string().meta({ description: "How it was made sure that it is them. In one line." }),
  }),
  status: 204,
  conditional: true,
  alsoAnswers: [409],
  async run(ctx, { params: { memberId }, body, version }) {
    await resetFactors(ctx, { memberId, version, ...body });
  },
});

const hold = operation({
  method: "GET",
  path: "/members/{memberId}/second-factors/hold",
  id: "getFactorHold",
  tag,
  summary: "See whether somebody’s second factors are about to be taken away",
  description: "Of staff and of contacts. Somebody with their password has said that all of them are lost.",
  permission: "factors:reset",
  params,
  answer: z.object({
    heldUntil: Moment.nullable().meta({ description: "When it happens. Null where nothing is held." }),
  }),
  async run(ctx, call) {
    const { heldUntil } = await getMemberFactors(ctx, call.params.memberId);
    return { heldUntil };
  },
});

const stopHold = operation({
  method: "DELETE",
  path: "/members/{memberId}/second-factors/hold",
  id: "stopFactorReset",
  tag,
  summary: "Keep the second factors that were said to be lost",
  description: "Of staff and of contacts. Nothing is taken away then, and what was mailed about it is void.",
  permission: "factors:reset",
  params,
  status: 204,
  alsoAnswers: [409],
  run: (ctx, call) => stopFactorReset(ctx, call.params),
});

async function readSecurity(ctx: Context, memberId: string) {
  const { member } = await getMemberSecurity(ctx, memberId);
  const { securityGroupId, status, mustChangePassword, enrolmentRequired, idleMinutes, version } = member;
  return { securityGroupId, status, mustChangePassword, enrolmentRequired, idleMinutes, version };
}

export const memberOperations = [
  list,
  create,
  get,
  change,
  remove,
  restore,
  setStatus,
  getSecurity,
  changeSecurity,
  takeFactors,
  hold,
  stopHold,
];
