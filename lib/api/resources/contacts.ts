import * as z from "zod";
import { createMember } from "#lib/members/create-member-account.ts";
import { readContacts } from "#lib/members/read-contacts.ts";
import { Id, Named } from "../fields.ts";
import { operation } from "../operation.ts";
import { cut, pageOf } from "../paging.ts";
import {
  ChangePerson,
  CreatedPerson,
  changed,
  PeopleQuery,
  Person,
  params,
  readRecord,
  recordFields,
  removed,
  requireMayList,
  restored,
  SetStatus,
  shownPerson,
  switched,
} from "./people.ts";

const tag = "Contacts";

export const Contact = Person.extend({ clients: z.array(Named) }).meta({
  id: "Contact",
  description: "Somebody of the firm's clients.",
});

const ContactRecord = Person.extend({ clients: z.array(Named), ...recordFields }).meta({
  id: "ContactRecord",
});

const list = operation({
  method: "GET",
  path: "/contacts",
  id: "listContacts",
  tag,
  summary: "List the contacts of the firm's clients",
  permission: "clients:read",
  mayNeed: ["clients:delete"],
  query: PeopleQuery.extend({
    client: Id.optional().meta({ description: "Only the contacts of a client." }),
  }),
  answer: pageOf(Contact),
  async run(ctx, { query }) {
    await requireMayList(ctx, "contact", query);
    const { people, next } = await readContacts(ctx, query);
    return cut({ rows: people.map(shownPerson), next }, query.limit);
  },
});

const create = operation({
  method: "POST",
  path: "/contacts",
  id: "createContact",
  tag,
  summary: "Add a contact of one or several clients",
  description: "Without a password: the invitation, if one is wished, leads to choosing it.",
  permission: "clients:manage",
  mayNeed: ["contacts:reset"],
  body: z.strictObject({
    name: z.string(),
    username: z.string().optional(),
    email: z.string(),
    clientIds: z.array(Id).min(1, "Choose at least one client.").max(50, "Choose at most 50 clients."),
    invite: z.boolean().default(false),
  }),
  status: 201,
  answer: CreatedPerson,
  location: ({ id }) => `/api/v1/contacts/${id}`,
  run: (ctx, { body }) => createMember(ctx, { ...body, kind: "contact" }),
});

const get = operation({
  method: "GET",
  path: "/contacts/{memberId}",
  id: "getContact",
  tag,
  summary: "Read a contact",
  permission: "clients:read",
  params,
  answer: ContactRecord,
  tagged: true,
  run: (ctx, call) => readRecord(ctx, "contact", call),
});

const change = operation({
  method: "PATCH",
  path: "/contacts/{memberId}",
  id: "changeContact",
  tag,
  summary: "Change what a contact goes by",
  description:
    "What is left out stays as it is. A new address ends what was mailed to the old one, and both are told.",
  permission: "clients:manage",
  mayNeed: ["clients:read"],
  params,
  body: ChangePerson,
  answer: ContactRecord,
  tagged: true,
  conditional: true,
  run: (ctx, call) => changed(ctx, "contact", call),
});

const remove = operation({
  method: "DELETE",
  path: "/contacts/{memberId}",
  id: "deleteContact",
  tag,
  summary: "Delete a contact",
  description: "Everything that is open ends at once. The account can be restored until it is erased.",
  permission: "clients:delete",
  mayNeed: ["clients:read"],
  params,
  status: 204,
  conditional: true,
  run: (ctx, call) => removed(ctx, "contact", call),
});

const restore = operation({
  method: "POST",
  path: "/contacts/{memberId}/restore",
  id: "restoreContact",
  tag,
  summary: "Bring a deleted contact back",
  description: "With password and clients, and disabled until somebody enables it.",
  permission: "clients:delete",
  mayNeed: ["clients:read"],
  params,
  answer: ContactRecord,
  tagged: true,
  run: (ctx, call) => restored(ctx, "contact", call),
});

const setStatus = operation({
  method: "PUT",
  path: "/contacts/{memberId}/access",
  id: "setContactAccess",
  tag,
  summary: "Switch a contact's access off or on",
  description: "Off, sessions and mailed links end at once.",
  permission: "contacts:disable",
  mayNeed: ["clients:read"],
  params,
  body: SetStatus,
  answer: ContactRecord,
  tagged: true,
  conditional: true,
  run: (ctx, call) => switched(ctx, "contact", call),
});

export const contactOperations = [list, create, get, change, remove, restore, setStatus];
