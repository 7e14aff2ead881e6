import type { Context } from "#lib/core/context.ts";
import { addressOf } from "./address.ts";
import { MOST_RESULTS } from "./paging.ts";
import type { Json } from "./read-resource.ts";
import {
  type Attribute,
  GROUP_KIND,
  type ResourceKind,
  type ResourceSchema,
  SCHEMAS,
  USER_KIND,
} from "./schema.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0";

/** What this side of the protocol can do (RFC 7643 5). */
export function serviceProviderConfig(ctx: Context): Json {
  const supported = { supported: true };
  return {
    schemas: [`${CORE}:ServiceProviderConfig`],
    patch: supported,
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_RESULTS },
    changePassword: { supported: false },
    sort: supported,
    etag: supported,
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "A token that an administrator of the firm generates under Settings, Directory sync.",
        primary: true,
      },
    ],
    meta: {
      resourceType: "ServiceProviderConfig",
      location: addressOf(ctx, "ServiceProviderConfig", "").slice(0, -1),
    },
  };
}

export function resourceTypes(ctx: Context): Json[] {
  return [USER_KIND, GROUP_KIND].map((kind) => resourceType(ctx, kind));
}

function resourceType(ctx: Context, { name, endpoint, schema, extension }: ResourceKind): Json {
  return {
    schemas: [`${CORE}:ResourceType`],
    ...{ id: name, name, endpoint: `/${endpoint}`, schema },
    ...(extension && { schemaExtensions: [{ schema: extension, required: false }] }),
    meta: { resourceType: "ResourceType", location: addressOf(ctx, "ResourceTypes", name) },
  };
}

export function schemas(ctx: Context): Json[] {
  return SCHEMAS.map((schema) => shownSchema(ctx, schema));
}

function shownSchema(ctx: Context, { id, name, description, attributes }: ResourceSchema): Json {
  return {
    schemas: [`${CORE}:Schema`],
    ...{ id, name, description, attributes: attributes.map(shownAttribute) },
    meta: { resourceType: "Schema", location: addressOf(ctx, "Schemas", id) },
  };
}

/** With what the attribute leaves to the default said in full. */
function shownAttribute(attribute: Attribute): Json {
  const { name, type, description, subAttributes } = attribute;
  return {
    ...{ name, type, description },
    multiValued: attribute.multiValued ?? false,
    required: attribute.required ?? false,
    ...(type !== "complex" && type !== "boolean" && { caseExact: attribute.caseExact ?? false }),
    mutability: attribute.mutability ?? "readWrite",
    returned: attribute.returned ?? "default",
    ...(type !== "complex" && { uniqueness: attribute.uniqueness ?? "none" }),
    ...(type === "reference" && { referenceTypes: ["external"] }),
    ...(subAttributes && { subAttributes: subAttributes.map(shownAttribute) }),
  };
}
