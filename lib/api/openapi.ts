import * as z from "zod";
import { ERROR_STATUS } from "#lib/core/errors.ts";
import { Problem } from "./fields.ts";
import type { Operation } from "./operation.ts";

export type JsonSchema = { [key: string]: unknown };

type Components = Record<string, unknown>;

type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: unknown;
  description?: string;
};

export type OpenApiOperation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: true; content: Record<string, { schema: unknown }> };
  responses: Record<
    string,
    { description: string; headers?: unknown; content?: Record<string, { schema: unknown }> }
  >;
  "x-permission": string;
  "x-may-need"?: readonly string[];
};

/** The OpenAPI 3.1 document of these operations, made of the schemas that their requests and answers are held to. */
export function openApiDocument(operations: readonly Operation[]) {
  const schemas: Components = {};
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const one of operations) {
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: described(one, schemas) };
  }
  return {
    openapi: "3.1.1",
    info: { title: "Portal REST API", version: "1", description: INTRODUCTION },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: "/api/v1" }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes: SECURITY_SCHEMES },
  };
}

const INTRODUCTION =
  "People, clients, security groups and settings of the firm whose host this is. Every change is made by the same use " +
  "cases as on the pages, held to the same permissions and recorded in the same audit log.";

const SECURITY_SCHEMES = {
  token: { type: "http", scheme: "bearer", description: "An API token, or the token of a session." },
};

function described(operation: Operation, schemas: Components): OpenApiOperation {
  const { id, summary, description, tag, permission, mayNeed, body } = operation;
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    tags: [tag],
    security: permission === "anyone" ? [] : [{ token: [] }],
    parameters: parametersOf(operation, schemas),
    ...(body && { requestBody: { required: true, content: bodyOf(body, operation, schemas) } }),
    responses: responsesOf(operation, schemas),
    "x-permission": permission,
    ...(mayNeed.length > 0 && { "x-may-need": mayNeed }),
  };
}

function jsonOf(schema: z.ZodType, io: "input" | "output", schemas: Components) {
  return { "application/json": { schema: schemaOf(schema, io, schemas) } };
}

function bodyOf(schema: z.ZodType, { form }: Operation, schemas: Components) {
  const type = form ? "application/x-www-form-urlencoded" : "application/json";
  return { [type]: { schema: schemaOf(schema, "input", schemas) } };
}

/** The schema as JSON Schema; those with a name of their own stand among the components. */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Components): JsonSchema {
  const { $defs, $schema, ...own } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  for (const [name, defined] of Object.entries($defs ?? {})) schemas[name] = moved(defined);
  return moved(own) as JsonSchema;
}

/** References to what has moved among the components; names and markers of ours have no place there. */
function moved(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

function parametersOf(operation: Operation, schemas: Components): Parameter[] {
  const { params, query, method, conditional, secret, permission, check } = operation;
  const repeatable = method === "POST" && permission !== "anyone" && !check;
  return [
    ...fieldsOf(params, "path", schemas),
    ...fieldsOf(query, "query", schemas),
    ...(conditional ? [IF_MATCH] : []),
    ...(repeatable ? [secret ? IDEMPOTENCY_KEY_OF_SECRET : IDEMPOTENCY_KEY] : []),
  ];
}

const IF_MATCH: Parameter = {
  name: "If-Match",
  in: "header",
  required: false,
  description: "The ETag that you have seen, or `*`. What has been changed since is not written over: 412.",
  schema: { type: "string", examples: ['"3"', "*"] },
};

const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Up to 255 visible characters of your choice. The same request with the same key is done once within 24 hours: its " +
    "repetition is given the same answer, with `Idempotency-Replayed: true`.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

const IDEMPOTENCY_KEY_OF_SECRET: Parameter = {
  ...IDEMPOTENCY_KEY,
  description: `${IDEMPOTENCY_KEY.description} Not here: a secret is shown once, and a repetition is told so (409).`,
};

function fieldsOf(object: z.ZodObject, place: "path" | "query", schemas: Components): Parameter[] {
  const { properties = {}, required = [] } = schemaOf(object, "input", schemas) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(typeof description === "string" && { description }),
    schema,
  }));
}

function responsesOf(operation: Operation, schemas: Components): OpenApiOperation["responses"] {
  const { status, answer, problems = {} } = operation;
  const content = answer && jsonOf(answer, "output", schemas);
  const headers = successHeaders(operation);
  const responses: OpenApiOperation["responses"] = {
    [status]: {
      description: DESCRIPTIONS[status] ?? "",
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(content && { content }),
    },
  };
  for (const refusal of refusalsOf(operation)) {
    const schema = schemaOf(problems[refusal] ?? Problem, "output", schemas);
    responses[refusal] = {
      description: DESCRIPTIONS[refusal] ?? "",
      content: { "application/problem+json": { schema } },
    };
  }
  return responses;
}

function successHeaders({ tagged, location, method, answer, headers = {} }: Operation) {
  const text = (description: string) => ({ description, schema: { type: "string" } });
  const isList = method === "GET" && answer instanceof z.ZodObject && "next" in answer.shape;
  return {
    ...Object.fromEntries(Object.entries(headers).map(([name, what]) => [name, text(what)])),
    ...(tagged && { ETag: text("The version, for If-Match.") }),
    ...(location && { Location: text("Where to find it.") }),
    ...(isList && {
      Link: text('The address of the page that follows, as rel="next"; absent on the last one.'),
    }),
  };
}

/** The statuses other than success that a request for this operation can have. */
export function refusalsOf(operation: Operation): number[] {
  const { permission, params, method, body, conditional, alsoAnswers = [] } = operation;
  const open = permission === "anyone";
  const statuses = new Set<number>([
    ...(open ? [] : [401, 403]),
    ...(Object.keys(params.shape).length > 0 ? [404] : []),
    ...(method === "GET" || operation.check ? [] : [409]),
    ...(conditional ? [ERROR_STATUS.precondition_failed] : []),
    ...(body ? [413] : []),
    ...[422, 429, 503],
    ...alsoAnswers,
  ]);
  return [...statuses].sort((one, other) => one - other);
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: "Done.",
  201: "Made.",
  202: "Taken on: it happens after this answer.",
  204: "Done; there is nothing to say.",
  400: "What was sent is not in the form that the standard has for it.",
  401: "The token is missing, wrong, or no longer good.",
  403: "The token's owner, or the token, may not do this.",
  404: "There is nothing here, or not for you.",
  409: "Something stands in the way, or the same request is being answered.",
  412: "It has been changed since the version that If-Match names.",
  413: "The body is longer than 64 KB.",
  422: "Something that was sent is wrong; `fieldErrors` says what.",
  429: "Too many requests. Retry-After says when to ask again.",
  503: "Too busy right now. Retry-After says when to ask again.",
};
