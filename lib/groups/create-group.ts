import { securityGroups } from "#db/schema/groups.ts";
import { command } from "#lib/core/command.ts";
import { requireHeld } from "./held.ts";
import { CreateGroupInput } from "./input.ts";
import { lockGroups } from "./lock-groups.ts";
import { requireFreeName } from "./require-free-name.ts";
import { requiredFrom } from "./requirement.ts";

/**
 * Creates a custom security group, for staff (004-04). Nobody puts into it what they do not hold (SEC60).
 * @throws DomainError invalid, forbidden, conflict
 */
export const createGroup = command({
  event: "group.created",
  permission: "groups:manage",
  stepUp: "groups:change",
  input: CreateGroupInput,
  async run({ db, ctx }, input) {
    requireHeld(ctx, input);
    const groups = await lockGroups(db);
    requireFreeName(groups, input.name);
    const position = Math.max(...groups.map((group) => group.position)) + 1;
    const [group] = await db
      .insert(securityGroups)
      .values({ ...input, position, secondFactorFrom: requiredFrom(input.secondFactorFrom, NEW, ctx.now) })
      .returning();
    if (!group) throw new Error("The database returned no security group.");
    return group;
  },
  audit: ({ id, name, permissions, clientScope, secondFactorFrom: from }) => [
    {
      event: "group.created",
      targetId: id,
      detail: {
        name,
        permissions: permissions.join(" "),
        clientScope,
        ...(from && { secondFactorFrom: from.toISOString() }),
      },
    },
  ],
});

const NEW = { secondFactorFrom: null };
