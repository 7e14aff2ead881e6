import type { JsonSchema } from "./openapi.ts";

/** What a value of a schema is, in words that fit on a line. */
export function sayType(schema: JsonSchema): string {
  if (typeof schema.$ref === "string") return schema.$ref.split("/").at(-1) ?? "";
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return sayChoices(schema.enum);
  if (Array.isArray(schema.anyOf)) return [...new Set(schema.anyOf.map(sayType))].join(" or ");
  if (Array.isArray(schema.type)) return schema.type.join(" or ");
  if (schema.type === "array") return `list of ${sayType((schema.items ?? {}) as JsonSchema)}`;
  return sayPlain(schema);
}

/** More than these are for the document. */
const FEW = 8;

function sayChoices(choices: unknown[]): string {
  const shown = choices.slice(0, FEW).map((choice) => String(choice));
  return choices.length > FEW ? `${shown.join(" | ")} | … (${choices.length})` : shown.join(" | ");
}

function sayPlain({ type, format, minimum, maximum }: JsonSchema): string {
  if (format === "uuid") return "id";
  if (format === "date-time") return "moment";
  if (type === "integer" && minimum !== undefined && maximum !== undefined && Number(maximum) < 1e6) {
    return `${minimum} to ${maximum}`;
  }
  return typeof type === "string" ? type : "anything";
}
