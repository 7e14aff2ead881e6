import type { Filter } from "./filter.ts";
import { fieldOf, type Json } from "./read-resource.ts";
import { type Attribute, named } from "./schema.ts";
import { refusal } from "./scim-error.ts";

/** Whether one of several values is what the brackets of a path ask for. Throws for what the value has no part of. */
export function fits(attribute: Attribute, filter: Filter, value: Json): boolean {
  switch (filter.op) {
    case "and":
      return filter.filters.every((one) => fits(attribute, one, value));
    case "or":
      return filter.filters.some((one) => fits(attribute, one, value));
    case "not":
      return !fits(attribute, filter.filter, value);
    case "[]":
      throw refusal("invalidPath", "Brackets do not stand within brackets.");
    default:
      return holds(partOf(attribute, filter.attrPath), filter, value);
  }
}

export function partOf(attribute: Attribute, name: string): Attribute {
  const sub = named(attribute.subAttributes ?? [], name);
  if (!sub) throw refusal("invalidPath", `${attribute.name} has no part ${name.slice(0, 100)}.`);
  return sub;
}

type Comparison = Exclude<Filter, { op: "and" | "or" | "not" | "[]" }>;

/** In small letters: no part of a value that has several is told apart by them. */
function holds(sub: Attribute, filter: Comparison, value: Json): boolean {
  const found = fieldOf(value, sub.name);
  if (filter.op === "pr") return found !== undefined;
  const wanted = "compValue" in filter ? filter.compValue : null;
  if (wanted === null) return (found === undefined) === (filter.op === "eq");
  if (found === undefined) return filter.op === "ne";
  return compareTexts(String(found).toLowerCase(), String(wanted).toLowerCase(), filter.op);
}

function compareTexts(found: string, wanted: string, op: Comparison["op"]): boolean {
  switch (op) {
    case "eq":
      return found === wanted;
    case "ne":
      return found !== wanted;
    case "co":
      return found.includes(wanted);
    case "sw":
      return found.startsWith(wanted);
    case "ew":
      return found.endsWith(wanted);
    default:
      throw refusal("invalidPath", "The brackets of a path compare by eq, ne, co, sw, ew or pr.");
  }
}
