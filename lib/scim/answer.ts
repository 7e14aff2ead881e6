import type { DirectoryContext } from "#lib/core/context.ts";
import { asOverloadWhenDatabaseIsAway, DomainError, notFound } from "#lib/core/errors.ts";
import { takeScimAllowance } from "./allowance.ts";
import { errorAnswer, scimAnswer, scimProblem } from "./answers.ts";
import { resourceTypes, schemas, serviceProviderConfig } from "./discovery.ts";
import { createDirectoryGroup } from "./groups/create-directory-group.ts";
import { deleteDirectoryGroup } from "./groups/delete-directory-group.ts";
import { listDirectoryGroups } from "./groups/list-directory-groups.ts";
import { patchDirectoryGroup } from "./groups/patch-directory-group.ts";
import { readDirectoryGroup } from "./groups/read-directory-group.ts";
import { replaceDirectoryGroup } from "./groups/replace-directory-group.ts";
import { noteRequest } from "./note-request.ts";
import { listOf } from "./paging.ts";
import { type Projection, projected, projectionOf, shows } from "./projection.ts";
import { fieldOf, isObject, type Json } from "./read-resource.ts";
import { GROUP_KIND, type ResourceKind, USER_KIND } from "./schema.ts";
import { refusal } from "./scim-error.ts";
import { createDirectoryUser } from "./users/create-directory-user.ts";
import { deleteDirectoryUser } from "./users/delete-directory-user.ts";
import { listDirectoryUsers } from "./users/list-directory-users.ts";
import { patchDirectoryUser } from "./users/patch-directory-user.ts";
import { readDirectoryUser } from "./users/read-directory-user.ts";
import { replaceDirectoryUser } from "./users/replace-directory-user.ts";
import { includesTag } from "./version.ts";

/** A request of a directory: the parts of its path behind /api/scim/v2. */
export type Asked = { ctx: DirectoryContext; request: Request; path: readonly string[] };

type Call = { ctx: DirectoryContext; request: Request; id: string; projection: Projection };

type Handlers = Readonly<Record<string, (call: Call) => Promise<Response>>>;

/** Answers a request of a directory, and notes it for whoever looks after the connection. */
export async function answerDirectory(asked: Asked): Promise<Response> {
  const { ctx } = asked;
  try {
    await takeScimAllowance(ctx);
  } catch (error) {
    return scimProblem(asOverloadWhenDatabaseIsAway(error), ctx.origin);
  }
  const response = await answered(asked).catch((error: unknown) =>
    scimProblem(asOverloadWhenDatabaseIsAway(error), ctx.origin),
  );
  await noteRequest(asked, response);
  return response;
}

async function answered({ ctx, request, path }: Asked): Promise<Response> {
  const [endpoint = "", id = "", ...more] = path;
  const kind = [USER_KIND, GROUP_KIND].find((one) => one.endpoint === endpoint);
  if (NOT_HERE.has(endpoint)) return errorAnswer(501, `${endpoint} is not offered here.`);
  if (more.length > 0) throw notFound();
  if (!kind) return described({ ctx, request, endpoint, id });
  const handlers = (id === "" ? COLLECTIONS : RESOURCES)[kind.name];
  const handler = handlers[request.method === "HEAD" ? "GET" : request.method];
  if (!handler) return notAllowed(Object.keys(handlers));
  const projection = projectionOf(kind, new URL(request.url).searchParams);
  return handler({ ctx, request, id, projection });
}

/** Parts of the protocol that one may leave out (RFC 7644 3.7, 3.11). */
const NOT_HERE = new Set(["Me", "Bulk"]);

function notAllowed(methods: string[]): Response {
  const response = errorAnswer(405, `This address takes ${methods.join(", ")}.`);
  response.headers.set("allow", methods.join(", "));
  return response;
}

type Question = { ctx: DirectoryContext; request: Request; endpoint: string; id: string };

/** What the portal says of itself. Nothing of it is found by a filter (RFC 7644 4). */
function described({ ctx, request, endpoint, id }: Question): Response {
  const about = DESCRIPTIONS[endpoint]?.(ctx);
  if (!about) throw notFound();
  if (request.method !== "GET" && request.method !== "HEAD") return notAllowed(["GET"]);
  if (new URL(request.url).searchParams.has("filter")) {
    throw new DomainError("forbidden", "This is not filtered.", { reason: "filter_of_discovery" });
  }
  if (!Array.isArray(about)) {
    if (id !== "") throw notFound();
    return scimAnswer(about);
  }
  if (id === "") return scimAnswer(listOf(about, about.length, { offset: 0, limit: about.length }));
  const one = about.find((resource) => resource.id === id);
  if (!one) throw notFound();
  return scimAnswer(one);
}

const DESCRIPTIONS: Readonly<Record<string, (ctx: DirectoryContext) => Json | Json[]>> = {
  ServiceProviderConfig: serviceProviderConfig,
  ResourceTypes: resourceTypes,
  Schemas: schemas,
};

const COLLECTIONS: Record<ResourceKind["name"], Handlers> = {
  User: {
    GET: async (call) => page(call, await listDirectoryUsers(call.ctx, wishOf(call))),
    POST: async (call) => made(call, await createDirectoryUser(call.ctx, { resource: await bodyOf(call) })),
  },
  Group: {
    GET: async (call) =>
      page(call, await listDirectoryGroups(call.ctx, { ...wishOf(call), withMembers: wantsMembers(call) })),
    POST: async (call) => made(call, await createDirectoryGroup(call.ctx, { resource: await bodyOf(call) })),
  },
};

const RESOURCES: Record<ResourceKind["name"], Handlers> = {
  User: {
    GET: async (call) => shown(call, await readDirectoryUser(call.ctx, call.id)),
    PUT: async (call) =>
      one(
        call,
        (await replaceDirectoryUser(call.ctx, { ...aimOf(call), resource: await bodyOf(call) })).resource,
      ),
    PATCH: async (call) =>
      one(call, (await patchDirectoryUser(call.ctx, { ...aimOf(call), patch: await bodyOf(call) })).resource),
    DELETE: async (call) => gone(await deleteDirectoryUser(call.ctx, aimOf(call))),
  },
  Group: {
    GET: async (call) =>
      shown(call, await readDirectoryGroup(call.ctx, { id: call.id, withMembers: wantsMembers(call) })),
    PUT: async (call) =>
      one(
        call,
        (await replaceDirectoryGroup(call.ctx, { ...aimOf(call), resource: await bodyOf(call) })).resource,
      ),
    PATCH: async (call) =>
      one(
        call,
        (await patchDirectoryGroup(call.ctx, { ...aimOf(call), patch: await bodyOf(call) })).resource,
      ),
    DELETE: async (call) => gone(await deleteDirectoryGroup(call.ctx, aimOf(call))),
  },
};

function wishOf({ request }: Call) {
  const { searchParams } = new URL(request.url);
  const names = ["filter", "sortBy", "sortOrder", "startIndex", "count"];
  const given = names
    .map((name) => [name, searchParams.get(name)] as const)
    .filter(([, value]) => value !== null);
  return Object.fromEntries(given) as Record<string, string>;
}

function wantsMembers({ projection }: Call): boolean {
  return shows(projection, "members");
}

/** What a change is aimed at: the resource, as its sender has seen it. */
function aimOf({ id, request }: Call) {
  const ifMatch = request.headers.get("if-match");
  return { id, ...(ifMatch !== null && { ifMatch }) };
}

/** Sent as the protocol's own type, or as plain JSON; by any other name no page of another site sends it unasked. */
async function bodyOf({ request }: Call): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(?:scim\+)?json\s*(?:;|$)/i.test(type)) {
    throw refusal("invalidSyntax", "The body has to be of the type application/scim+json.");
  }
  try {
    return JSON.parse(await request.text());
  } catch {
    throw refusal("invalidSyntax", "The body has to be JSON.");
  }
}

function page({ projection }: Call, list: Json): Response {
  const resources = (list.Resources as Json[]).map((resource) => projected(resource, projection));
  return scimAnswer({ ...list, Resources: resources });
}

function made(call: Call, { resource }: { resource: Json }): Response {
  const { location } = metaOf(resource);
  const response = one(call, resource, 201);
  if (location) response.headers.set("location", location);
  return response;
}

function one({ projection }: Call, resource: Json, status = 200): Response {
  const { version } = metaOf(resource);
  return scimAnswer(projected(resource, projection), status, version ? { etag: version } : {});
}

/** Whoever has it in this version already is told so, and not sent it again (RFC 7232 3.2). */
function shown(call: Call, resource: Json): Response {
  const { version = "" } = metaOf(resource);
  const known = call.request.headers.get("if-none-match");
  if (known === null || !includesTag(known, version)) return one(call, resource);
  return new Response(null, { status: 304, headers: { etag: version, "cache-control": "no-store" } });
}

function gone(_: unknown): Response {
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

function metaOf(resource: Json): { version?: string; location?: string } {
  const meta = fieldOf(resource, "meta");
  return isObject(meta) ? meta : {};
}
