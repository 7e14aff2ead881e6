import * as z from "zod";
import { changeGroup } from "#lib/groups/change-group.ts";
import { createGroup } from "#lib/groups/create-group.ts";
import { deleteGroup } from "#lib/groups/delete-group.ts";
import { getGroup } from "#lib/groups/get-group.ts";
import type { Group } from "#lib/groups/held.ts";
import { CreateGroupInput } from "#lib/groups/input.ts";
import { listGroups } from "#lib/groups/list-groups.ts";
import { Id, Moment, Named, PermissionName, Version } from "../fields.ts";
import { operation } from "../operation.ts";
import { cutWhole, Paging, pageOf } from "../paging.ts";

const tag = "Security groups";
const permission = "groups:manage";

const GroupAnswer = Named.extend({
  description: z.string(),
  preset: z.string().nullable().meta({ description: "The preset that it is; null for a firm's own." }),
  permissions: z.array(PermissionName),
  clientScope: z.enum(["all", "assigned"]),
  secondFactorFrom: Moment.nullable().meta({
    description: "From when its members need a second factor; null where the firm's own rule is enough.",
  }),
  members: z
    .int()
    .optional()
    .meta({ description: "How many people are in it, where it is listed; 1001 for more than 1000." }),
  version: Version,
}).meta({ id: "Group", description: "A security group: what its members may do." });

const params = z.object({ groupId: Id });

const list = operation({
  method: "GET",
  path: "/groups",
  id: "listGroups",
  tag,
  summary: "List the security groups in their order",
  permission,
  query: Paging,
  answer: pageOf(GroupAnswer),
  run: async (ctx, { query }) => cutWhole((await listGroups(ctx)).map(shown), query),
});

const create = operation({
  method: "POST",
  path: "/groups",
  id: "createGroup",
  tag,
  summary: "Create a security group",
  description: "Nobody puts into a group what they do not hold.",
  permission,
  body: CreateGroupInput.strict(),
  status: 201,
  answer: GroupAnswer,
  tagged: true,
  location: ({ id }) => `/api/v1/groups/${id}`,
  run: async (ctx, { body }) => shown(await createGroup(ctx, body)),
});

const get = operation({
  method: "GET",
  path: "/groups/{groupId}",
  id: "getGroup",
  tag,
  summary: "Read a security group",
  permission,
  params,
  answer: GroupAnswer,
  tagged: true,
  run: async (ctx, { params: { groupId } }) => shown((await getGroup(ctx, groupId)).group),
});

const change = operation({
  method: "PATCH",
  path: "/groups/{groupId}",
  id: "changeGroup",
  tag,
  summary: "Change a security group",
  description:
    "What is left out stays as it is. Presets are the same in every firm: of them only `secondFactorFrom` can be changed.",
  permission,
  params,
  body: CreateGroupInput.partial().strict(),
  answer: GroupAnswer,
  tagged: true,
  conditional: true,
  async run(ctx, { params: { groupId }, body, version }) {
    const { group } = await getGroup(ctx, groupId);
    const { name, description, permissions, clientScope } = shown(group);
    const next = { name, description, permissions, clientScope, ...body };
    const { group: changed } = await changeGroup(ctx, {
      ...next,
      groupId,
      version: version ?? group.version,
    });
    return shown(changed);
  },
});

const remove = operation({
  method: "DELETE",
  path: "/groups/{groupId}",
  id: "deleteGroup",
  tag,
  summary: "Delete a security group that nobody is in",
  permission,
  params,
  status: 204,
  conditional: true,
  run: (ctx, { params: { groupId }, version }) => deleteGroup(ctx, { groupId, version }),
});

/** Permissions that this version of the portal does not know count for nothing, and are not shown. */
function shown({ permissions, ...group }: Group & { members?: number }) {
  return {
    ...group,
    permissions: permissions.filter((name) => PermissionName.safeParse(name).success),
  };
}

export const groupOperations = [list, create, get, change, remove];
