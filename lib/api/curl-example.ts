import type { JsonSchema, OpenApiOperation } from "./openapi.ts";

/** A request for an operation as it can be typed, with `PORTAL` and `TOKEN` for what differs from firm to firm. */
export function curlExample(method: string, path: string, operation: OpenApiOperation): string {
  const body = operation.requestBody?.content["application/json"]?.schema as JsonSchema | undefined;
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => `$${shellNameOf(name)}`);
  const parts = [
    "curl -sS",
    method === "GET" ? "" : `-X ${method}`,
    operation.security.length > 0 ? '-H "Authorization: Bearer $TOKEN"' : "",
    body ? `-H "Content-Type: application/json"` : "",
    body ? `-d '${JSON.stringify(exampleOf(body))}'` : "",
    `"$PORTAL/api/v1${target}"`,
  ];
  return parts.filter(Boolean).join(" \\\n  ");
}

/** `memberId` as the shell would have it: MEMBER_ID. */
function shellNameOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

const BY_NAME: Readonly<Record<string, unknown>> = {
  identifier: "ada",
  password: "…",
  newPassword: "…",
  confirmPassword: "…",
  name: "Ann Example",
  username: "ann",
  email: "ann@mail.example",
  timeZone: "Europe/Berlin",
  description: "",
};

const AN_ID = "6f1c2a5e-9d0b-4c3e-8a17-2b4d6f8e0a1c";

/** A value as a schema wants it. */
function exampleOf(schema: JsonSchema, name = ""): unknown {
  if (name in BY_NAME) return BY_NAME[name];
  if ("default" in schema) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.anyOf)) return exampleOf(schema.anyOf[0] as JsonSchema, name);
  return ofType(schema, name);
}

function ofType(schema: JsonSchema, name: string): unknown {
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([field, of]) => [
          field,
          exampleOf(of, field),
        ]),
      );
    case "array":
      return [exampleOf(schema.items as JsonSchema, name)];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    default:
      return schema.format === "uuid" ? AN_ID : "…";
  }
}
