import * as z from "zod";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import { forbidden, notFound } from "#lib/core/errors.ts";
import { changeMember } from "#lib/members/change-member.ts";
import { DELETION_NEEDS, deleteMember } from "#lib/members/delete-member.ts";
import { getDeletedMember } from "#lib/members/get-deleted-member.ts";
import { getMemberRecord, type MemberRecord } from "#lib/members/get-member-record.ts";
import { SORTS } from "#lib/members/page-of-members.ts";
import { restoreMember } from "#lib/members/restore-member.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { ACCESS_STATES, type AccessState, type AccessStateName } from "#lib/policy/access-state.ts";
import { ENROLMENT_STATES, type Enrolment, type EnrolmentState } from "#lib/policy/enrolment.ts";
import { Id, Moment, Named, Version } from "../fields.ts";
import { Paging } from "../paging.ts";

type Kind = "staff" | "contact";

/** What the API says of staff and of contacts alike. */

export const params = z.object({ memberId: Id });

export const Search = z.string().trim().max(254).optional().meta({
  description: "How the first or last name, the username or the address begins.",
});

const ENROLMENTS = Object.keys(ENROLMENT_STATES) as [EnrolmentState, ...EnrolmentState[]];

export const PeopleQuery = Paging.extend({
  q: Search,
  sort: z.enum(SORTS).default("name").meta({ description: "A minus turns the order round." }),
  status: z.enum(["enabled", "disabled"]).optional(),
  group: Id.optional().meta({ description: "Only those of a security group." }),
  factor: z.enum(ENROLMENTS).optional().meta({ description: "Only those who stand so with second factors." }),
  state: z
    .literal("deleted")
    .optional()
    .meta({ description: "Deleted people, instead of those who are there." }),
});

/** Where somebody's access stands, and why. */
export const Access = z.object({
  state: z.enum(Object.keys(ACCESS_STATES) as [AccessStateName, ...AccessStateName[]]),
  reason: z.string(),
});

export const Person = Named.extend({
  username: z.string().nullable().meta({ description: "Null where it is the address." }),
  email: z.string().nullable().meta({ description: "Masked for whoever may not change contacts." }),
  status: z.enum(["enabled", "disabled"]),
  federated: z.boolean().meta({ description: "Whether they sign in through the firm's identity provider." }),
  access: Access.nullable(),
  secondFactor: z.enum(ENROLMENTS).meta({
    description:
      "What somebody has; `missing` where one is required and there is none, `held` where all were reported lost.",
  }),
  lastSignInAt: Moment.nullable(),
  createdAt: Moment,
  deletedAt: Moment.nullable(),
});

export const recordFields = {
  securityGroup: Named,
  timeZone: z.string().nullable().meta({ description: "Null for the firm's." }),
  version: Version,
};

export const CreatedPerson = z
  .object({ id: Id, invited: z.boolean().meta({ description: "Whether the invitation is on its way." }) })
  .meta({ id: "CreatedPerson" });

export const ChangePerson = z.strictObject({
  name: z.string().optional(),
  username: z.string().nullable().optional().meta({ description: "Null makes the address the username." }),
  email: z.string().optional(),
  timeZone: z.string().nullable().optional().meta({ description: "Null for the firm's." }),
});

export const SetStatus = z.strictObject({ status: z.enum(["enabled", "disabled"]) });

type Listed = {
  email?: string | null;
  address?: string | undefined;
  username: string | undefined;
  access: AccessState | undefined;
  enrolment: Enrolment;
};

export function shownPerson<Row extends Listed>(row: Row) {
  return {
    ...row,
    username: shownUsername(row.username),
    email: row.address ?? row.email ?? null,
    access: row.access ?? null,
    secondFactor: row.enrolment.state,
  };
}

/** One that is an address stands beside it, or is masked with it. */
export function shownUsername(username: string | undefined): string | null {
  return username === undefined || username.includes("@") ? null : username;
}

export function shownRecord(record: MemberRecord) {
  return {
    ...shownPerson(record),
    securityGroup: { id: record.securityGroupId, name: record.group },
    deletedAt: null,
  };
}

/** Deleted people are for whoever may delete them; a program that asks for them is told so, and it is recorded. */
export async function requireMayList(
  ctx: Context,
  kind: Kind,
  { state }: { state?: "deleted" | undefined },
): Promise<void> {
  const needed = DELETION_NEEDS[kind];
  if (state !== "deleted" || hasPermission(ctx, needed)) return;
  await recordRefusal(ctx, "api_request", `needs_${needed}`);
  throw forbidden(`needs_${needed}`);
}

type Changes = z.output<typeof ChangePerson>;

/** What is not named stays as it is now: whoever changes it meanwhile makes this a conflict. */
export async function changed(ctx: Context, kind: Kind, call: Call & { body: Changes }) {
  const { memberId } = call.params;
  const record = await getMemberRecord(ctx, { memberId, kind });
  const now = { name: record.name, username: record.username, email: record.address ?? "" };
  const { timeZone, username, ...others } = call.body;
  await changeMember(ctx, {
    ...now,
    ...others,
    ...(username !== undefined && { username: username ?? undefined }),
    ...(timeZone !== undefined && { timeZone: timeZone ?? "" }),
    memberId,
    version: call.version ?? record.version,
  });
  return readRecord(ctx, kind, call);
}

type Call = { params: { memberId: string }; version: number | undefined };

export async function readRecord(ctx: Context, kind: Kind, { params: { memberId } }: Pick<Call, "params">) {
  return shownRecord(await getMemberRecord(ctx, { memberId, kind }));
}

export async function removed(ctx: Context, kind: Kind, call: Call): Promise<void> {
  const { memberId } = call.params;
  await getMemberRecord(ctx, { memberId, kind });
  await deleteMember(ctx, { memberId, version: call.version });
}

export async function restored(ctx: Context, kind: Kind, call: Pick<Call, "params">) {
  const { memberId } = call.params;
  const deleted = await getDeletedMember(ctx, memberId);
  if (deleted.kind !== kind) throw notFound();
  await restoreMember(ctx, { memberId });
  return readRecord(ctx, kind, call);
}

export async function switched(ctx: Context, kind: Kind, call: Call & { body: z.output<typeof SetStatus> }) {
  const { memberId } = call.params;
  await getMemberRecord(ctx, { memberId, kind });
  await setAccess(ctx, { memberId, ...call.body, version: call.version });
  return readRecord(ctx, kind, call);
}
