import { connectionGroupRules } from "#db/schema/connections.ts";
import { isPowerful } from "#lib/access/powerful-groups.ts";
import { command } from "#lib/core/command.ts";
import { conflict, invalid } from "#lib/core/errors.ts";
import { requireGroup } from "#lib/groups/find-group.ts";
import { requireHeld } from "#lib/groups/held.ts";
import { lockUsedConnection } from "./find-connection.ts";
import { FOR_CONTACTS, rulesOf } from "./group-rules.ts";
import { AddGroupRuleInput } from "./input.ts";

/** More than a firm keeps an eye on. */
const MOST = 100;

/**
 * Says which security group one of the provider's groups gives. Nobody gives by a rule what they do not hold (SEC60), and
 * one above the ceiling has to be wanted in so many words (G7).
 * @throws DomainError not_found, invalid, forbidden, conflict
 */
export const addGroupRule = command({
  event: "group_rule.added",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: AddGroupRuleInput,
  async run({ db, ctx }, { connectionId, groupValue, securityGroupId, allowsAdministrator }) {
    await lockUsedConnection(db, connectionId);
    const group = await requireGroup(db, securityGroupId);
    requireHeld(ctx, group);
    if (group.preset === "contact") throw invalid({ securityGroupId: [FOR_CONTACTS] });
    const above = isPowerful(group);
    if (above && !allowsAdministrator) throw invalid({ allowsAdministrator: [SAY_SO] });
    const rules = await rulesOf(db, connectionId);
    if (rules.length >= MOST) throw conflict("groupValue", `There are ${MOST} rules already.`);
    const position = (rules.at(-1)?.position ?? 0) + 1;
    const [rule] = await db
      .insert(connectionGroupRules)
      .values({ connectionId, position, groupValue, securityGroupId, allowsAdministrator: above })
      .onConflictDoNothing()
      .returning();
    if (!rule) throw conflict("groupValue", "There is a rule for this group already.");
    return { connectionId, rule, above };
  },
  audit: ({ connectionId, rule: { id, securityGroupId }, above }) => [
    {
      event: "group_rule.added",
      targetId: connectionId,
      detail: { rule: id, securityGroup: securityGroupId, ...(above && { allowsAdministrator: true }) },
    },
  ],
});

const SAY_SO =
  "Whoever manages this group at your provider can then make anybody an administrator here. Tick this if that is right.";
