import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";

/** Whoever answers for how the firm's people sign in. A condition on members beside their security groups. */
export const IN_CHARGE_OF_SSO: SQL | undefined = and(
  eq(members.kind, "staff"),
  eq(members.status, "enabled"),
  isNull(members.deletedAt),
  sql`'sso:manage' = any(${securityGroups.permissions})`,
);

/** Those of them who can act. */
export const ANSWERS_FOR_SSO: SQL | undefined = and(IN_CHARGE_OF_SSO, isNull(members.frozenAt));
