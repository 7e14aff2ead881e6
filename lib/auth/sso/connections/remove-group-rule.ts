import { and, eq } from "drizzle-orm";
import { connectionGroupRules } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { lockUsedConnection } from "./find-connection.ts";
import { GroupRuleInput } from "./input.ts";

/**
 * Ends a rule: whoever had a security group by it gets another one, or none, at the next sign-in.
 * @throws DomainError not_found, conflict
 */
export const removeGroupRule = command({
  event: "group_rule.removed",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: GroupRuleInput,
  async run({ db }, { connectionId, ruleId }) {
    await lockUsedConnection(db, connectionId);
    const [rule] = await db
      .delete(connectionGroupRules)
      .where(and(eq(connectionGroupRules.id, ruleId), eq(connectionGroupRules.connectionId, connectionId)))
      .returning();
    if (!rule) throw notFound();
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
