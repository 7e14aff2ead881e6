import * as z from "zod";
import { addContact } from "#lib/clients/add-contact.ts";
import { assignStaff } from "#lib/clients/assign-staff.ts";
import { changeClient } from "#lib/clients/change-client.ts";
import { createClient } from "#lib/clients/create-client.ts";
import { deleteClient } from "#lib/clients/delete-client.ts";
import { getClient } from "#lib/clients/get-client.ts";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { listClients } from "#lib/clients/list-clients.ts";
import { removeContact } from "#lib/clients/remove-contact.ts";
import { restoreClient } from "#lib/clients/restore-client.ts";
import { unassignStaff } from "#lib/clients/unassign-staff.ts";
import { Id, Moment, Named, Version } from "../fields.ts";
import { operation } from "../operation.ts";
import { cut, Paging, pageOf } from "../paging.ts";
import { Contact } from "./contacts.ts";
import { Search, shownPerson } from "./people.ts";

const tag = "Clients";
const params = z.object({ clientId: Id });
const personParams = params.extend({ memberId: Id });

const Client = Named.extend({
  workspaceId: Id,
  contacts: z.int().meta({ description: "How many contacts it has; 1001 for more than 1000." }),
  createdAt: Moment,
  version: Version,
});

const ListedClient = Client.extend({ deletedAt: Moment.nullable() }).meta({
  id: "Client",
  description: "A customer of the firm.",
});

export const Colleague = Named.extend({ group: z.string(), enabled: z.boolean() }).meta({
  id: "Colleague",
  description: "Somebody of the staff who is assigned to a client.",
});

const ClientRecord = Client.extend({ staff: z.array(Colleague) }).meta({ id: "ClientRecord" });

const Person = z.strictObject({ memberId: Id });

const list = operation({
  method: "GET",
  path: "/clients",
  id: "listClients",
  tag,
  summary: "List the clients that you see",
  permission: "clients:read",
  mayNeed: ["clients:delete"],
  query: Paging.extend({
    q: z.string().trim().max(254).optional().meta({ description: "How a word of the name begins." }),
    sort: z.enum(["name", "created"]).default("name"),
    assigned: z.literal("me").optional().meta({ description: "Only those that you are assigned to." }),
    state: z
      .literal("deleted")
      .optional()
      .meta({ description: "Deleted ones, instead of those that are there." }),
  }),
  answer: pageOf(ListedClient),
  async run(ctx, { query }) {
    const { clients, next } = await listClients(ctx, query);
    return cut({ rows: clients, next }, query.limit);
  },
});

const create = operation({
  method: "POST",
  path: "/clients",
  id: "createClient",
  tag,
  summary: "Add a client and its workspace",
  permission: "clients:manage",
  body: z.strictObject({ name: z.string() }),
  status: 201,
  answer: Named.extend({ workspaceId: Id, version: Version }).meta({ id: "CreatedClient" }),
  tagged: true,
  location: ({ id }) => `/api/v1/clients/${id}`,
  run: (ctx, { body }) => createClient(ctx, body),
});

const get = operation({
  method: "GET",
  path: "/clients/{clientId}",
  id: "getClient",
  tag,
  summary: "Read a client, with the staff assigned to it",
  permission: "clients:read",
  params,
  answer: ClientRecord,
  tagged: true,
  run: (ctx, { params: { clientId } }) => getClient(ctx, clientId),
});

const change = operation({
  method: "PATCH",
  path: "/clients/{clientId}",
  id: "changeClient",
  tag,
  summary: "Give a client another name",
  permission: "clients:manage",
  params,
  body: z.strictObject({ name: z.string() }),
  answer: Named.extend({ version: Version }).meta({ id: "ChangedClient" }),
  tagged: true,
  conditional: true,
  async run(ctx, { params: { clientId }, body, version }) {
    const { id, version: now } = await changeClient(ctx, { clientId, ...body, version });
    return { id, name: body.name.trim(), version: now };
  },
});

const remove = operation({
  method: "DELETE",
  path: "/clients/{clientId}",
  id: "deleteClient",
  tag,
  summary: "Take a client and its workspace out of sight",
  description: "Its contacts stay what they are. It can be restored.",
  permission: "clients:delete",
  params,
  status: 204,
  conditional: true,
  run: (ctx, { params: { clientId }, version }) => deleteClient(ctx, { clientId, version }),
});

const restore = operation({
  method: "POST",
  path: "/clients/{clientId}/restore",
  id: "restoreClient",
  tag,
  summary: "Bring a deleted client back",
  description: "With its workspace, its contacts and its staff.",
  permission: "clients:delete",
  params,
  status: 204,
  run: (ctx, { params: { clientId } }) => restoreClient(ctx, { clientId }),
});

const listContacts = operation({
  method: "GET",
  path: "/clients/{clientId}/contacts",
  id: "listClientContacts",
  tag,
  summary: "List the contacts of a client",
  permission: "clients:read",
  params,
  query: Paging.extend({ q: Search }),
  answer: pageOf(Contact),
  async run(ctx, { params: { clientId }, query }) {
    const { contacts, next } = await getClientContacts(ctx, { ...query, clientId });
    return cut({ rows: contacts.map(shownPerson), next }, query.limit);
  },
});

const add = operation({
  method: "POST",
  path: "/clients/{clientId}/contacts",
  id: "addClientContact",
  tag,
  summary: "Make a contact one of this client too",
  permission: "clients:manage",
  params,
  body: Person,
  status: 201,
  answer: z.object({ clientId: Id, memberId: Id }).meta({ id: "ClientContact" }),
  location: ({ clientId }) => `/api/v1/clients/${clientId}/contacts`,
  async run(ctx, { params: { clientId }, body }) {
    const { memberId } = await addContact(ctx, { clientId, ...body });
    return { clientId, memberId };
  },
});

const takeAway = operation({
  method: "DELETE",
  path: "/clients/{clientId}/contacts/{memberId}",
  id: "removeClientContact",
  tag,
  summary: "End that somebody is a contact of this client",
  description: "The account stays, with its other clients.",
  permission: "clients:manage",
  params: personParams,
  status: 204,
  run: (ctx, call) => removeContact(ctx, call.params),
});

const assign = operation({
  method: "POST",
  path: "/clients/{clientId}/staff",
  id: "assignStaff",
  tag,
  summary: "Assign somebody of the staff to a client",
  permission: "clients:manage",
  params,
  body: Person,
  status: 201,
  answer: z.object({ clientId: Id, memberId: Id }).meta({ id: "ClientStaff" }),
  location: ({ clientId }) => `/api/v1/clients/${clientId}`,
  async run(ctx, { params: { clientId }, body }) {
    const { memberId } = await assignStaff(ctx, { clientId, ...body });
    return { clientId, memberId };
  },
});

const unassign = operation({
  method: "DELETE",
  path: "/clients/{clientId}/staff/{memberId}",
  id: "unassignStaff",
  tag,
  summary: "End an assignment",
  permission: "clients:manage",
  params: personParams,
  status: 204,
  run: (ctx, call) => unassignStaff(ctx, call.params),
});

export const clientOperations = [
  list,
  create,
  get,
  change,
  remove,
  restore,
  listContacts,
  add,
  takeAway,
  assign,
  unassign,
];
