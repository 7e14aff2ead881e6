import { eq } from "drizzle-orm";
import { connectionGroupRules } from "#db/schema/connections.ts";
import { securityGroups } from "#db/schema/groups.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { type Group, requireHeld } from "#lib/groups/held.ts";
import type { Connection } from "../configuration.ts";
import { lockUsedConnection } from "./find-connection.ts";
import { rulesOf } from "./group-rules.ts";
import { GroupRuleInput } from "./input.ts";

/**
 * Ends a rule: whoever had a security group by it gets that of a rule behind it, the firm's own choice, or none, at the next
 * sign-in. The caller holds all of these, or removing one would give somebody more than that (SEC60).
 * @throws DomainError not_found, forbidden, conflict
 */
export const removeGroupRule = command({
  event: "group_rule.removed",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: GroupRuleInput,
  async run({ db, ctx }, { connectionId, ruleId }) {
    const connection = await lockUsedConnection(db, connectionId);
    const rules = await rulesOf(db, connectionId);
    const at = rules.findIndex(({ id }) => id === ruleId);
    const rule = rules[at];
    if (!rule) throw notFound();
    const groups = rules.slice(at).map(({ group }) => group);
    requireHeld(ctx, ...groups, ...(await usualGroup(db, connection)));
    await db.delete(connectionGroupRules).where(eq(connectionGroupRules.id, rule.id));
    return { connectionId, rule };
  },
  audit: ({ connectionId, rule: { id, securityGroupId } }) => [
    {
      event: "group_rule.removed",
      targetId: connectionId,
      detail: { rule: id, securityGroup: securityGroupId },
    },
  ],
});

/** The group of those whom no rule names, where the firm has chosen one. */
async function usualGroup(db: TenantDb, { defaultGroupId }: Connection): Promise<Group[]> {
  if (defaultGroupId === null) return [];
  return db.select().from(securityGroups).where(eq(securityGroups.id, defaultGroupId));
}
