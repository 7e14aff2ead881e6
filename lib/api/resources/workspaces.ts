import * as z from "zod";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";
import { listMyWorkspaces } from "#lib/workspaces/list-my-workspaces.ts";
import { Id, Named } from "../fields.ts";
import { operation } from "../operation.ts";
import { cutWhole, Paging, pageOf } from "../paging.ts";
import { Colleague } from "./clients.ts";
import { Access } from "./people.ts";

const tag = "Workspaces";

const Workspace = z.object({ id: Id, clientName: z.string() }).meta({
  id: "Workspace",
  description: "The place of a client that its contacts and the firm's staff enter.",
});

const list = operation({
  method: "GET",
  path: "/workspaces",
  id: "listMyWorkspaces",
  tag,
  summary: "List the workspaces that you enter as a contact",
  description: "Staff find theirs with the clients.",
  permission: "member",
  query: Paging,
  answer: pageOf(Workspace),
  async run(ctx, { query }) {
    const workspaces = await listMyWorkspaces(ctx);
    const rows = workspaces.map(({ workspaceId, clientName }) => ({ id: workspaceId, clientName }));
    return cutWhole(rows, query);
  },
});

const get = operation({
  method: "GET",
  path: "/workspaces/{workspaceId}",
  id: "getWorkspace",
  tag,
  summary: "Read a workspace",
  permission: "workspaces:enter",
  mayNeed: ["clients:read"],
  params: z.object({ workspaceId: Id }),
  answer: z
    .object({
      id: Id,
      clientId: Id,
      clientName: z.string(),
      contacts: z
        .array(Named.extend({ access: Access.optional() }))
        .meta({ description: "The first 100 by name; how their access stands is for the firm's staff." }),
      staff: z.array(Colleague).optional().meta({ description: "For the firm's staff." }),
    })
    .meta({ id: "WorkspaceRecord" }),
  async run(ctx, { params: { workspaceId } }) {
    const { firm, ...workspace } = await getWorkspace(ctx, { workspaceId });
    return { ...workspace, staff: firm?.staff };
  },
});

export const workspaceOperations = [list, get];
