import { eq } from "drizzle-orm";
import { connectionGroupRules } from "#db/schema/connections.ts";
import type { TenantDb } from "#db/tenant.ts";
import { command } from "#lib/core/command.ts";
import { notFound } from "#lib/core/errors.ts";
import { requireHeld } from "#lib/groups/held.ts";
import { lockUsedConnection } from "./find-connection.ts";
import { type Rule, rulesOf } from "./group-rules.ts";
import { MoveGroupRuleInput } from "./input.ts";

/**
 * Moves a rule before or after its neighbour: of two that match, the first counts. Both are what the caller holds, or
 * moving one would give somebody more than that (SEC60).
 * @throws DomainError not_found, forbidden, conflict
 */
export const moveGroupRule = command({
  event: "group_rule.moved",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: MoveGroupRuleInput,
  async run({ db, ctx }, { connectionId, ruleId, to }) {
    await lockUsedConnection(db, connectionId);
    const rules = await rulesOf(db, connectionId);
    const at = rules.findIndex(({ id }) => id === ruleId);
    const rule = rules[at];
    if (!rule) throw notFound();
    const neighbour = rules[to === "up" ? at - 1 : at + 1];
    if (!neighbour) return { connectionId, rule, moved: false, to };
    requireHeld(ctx, rule.group, neighbour.group);
    await swap(db, rule, neighbour);
    return { connectionId, rule, moved: true, to };
  },
  audit: ({ connectionId, rule, moved, to }) =>
    moved ? [{ event: "group_rule.moved", targetId: connectionId, detail: { rule: rule.id, to } }] : [],
});

/** By a place that no rule has: two in one place are refused by the database. */
async function swap(db: TenantDb, one: Rule, other: Rule): Promise<void> {
  const steps = [
    { id: one.id, position: -1 },
    { id: other.id, position: one.position },
    { id: one.id, position: other.position },
  ];
  for (const { id, position } of steps) {
    await db.update(connectionGroupRules).set({ position }).where(eq(connectionGroupRules.id, id));
  }
}
