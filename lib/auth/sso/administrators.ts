import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";

/** Whoever answers for how the firm's people sign in, and can. A condition on members beside their security groups. */
export const ANSWERS_FOR_SSO: SQL | undefined = and(
  eq(members.kind, "staff"),
  eq(members.status, "enabled"),
  isNull(members.frozenAt),
  isNull(members.deletedAt),
  sql`'sso:manage' = any(${securityGroups.permissions})`,
);
