import { type SQL, sql } from "drizzle-orm";
import { requireTarget, type Target } from "./attribute-path.ts";
import type { Filter } from "./filter.ts";
import { type Attribute, named, type ResourceKind } from "./schema.ts";
import { refusal } from "./scim-error.ts";

type Compare = Extract<Filter, { compValue: unknown }>;
type Operator = Compare["op"] | "pr";

/** Where the attributes of a kind lie: in columns of their own, the rest in one of JSON. */
export type Columns = {
  kind: ResourceKind;
  /** By the name of the attribute, with that of a part of it after a dot. */
  own: Readonly<Record<string, SQL>>;
  json: SQL | undefined;
  /** How a row is found by one value, with the help of an index. */
  equals: Readonly<Record<string, (wanted: string) => SQL>>;
};

/**
 * A filter as a condition on rows. Names come from the schema and values go as parameters, so that nothing of what was sent
 * becomes SQL (SEC84). Throws what is wrong with it.
 */
export function conditionOf(columns: Columns, filter: Filter): SQL {
  switch (filter.op) {
    case "and":
    case "or":
      return sql`(${sql.join(
        filter.filters.map((one) => conditionOf(columns, one)),
        filter.op === "and" ? sql` and ` : sql` or `,
      )})`;
    case "not":
      return sql`(not ${conditionOf(columns, filter.filter)})`;
    case "[]":
      return ofSomeValue(columns, filter.attrPath, (value, attribute) =>
        onValue(value, attribute, filter.valFilter),
      );
    default:
      return onAttribute(
        columns,
        filter.attrPath,
        filter.op,
        "compValue" in filter ? filter.compValue : undefined,
      );
  }
}

/** What rows are put in order by: one value of each, as it is compared. Throws what it cannot be. */
export function orderOf(columns: Columns, path: string): SQL {
  const target = requireTarget(columns.kind, path, "invalidPath");
  const { attribute, sub } = target;
  const found = ownColumn(columns, target);
  if (found)
    return (sub ?? attribute).type === "string" && !attribute.caseExact ? inSmallLetters(found) : found;
  if (attribute.multiValued) throw refusal("invalidPath", `${attribute.name} has several values.`);
  return inSmallLetters(textAt(columns, target));
}

function inSmallLetters(text: SQL): SQL {
  return sql`lower(${text}) collate "C"`;
}

function onAttribute(
  columns: Columns,
  path: string,
  op: Operator,
  wanted: Compare["compValue"] | undefined,
): SQL {
  const target = requireTarget(columns.kind, path, "invalidFilter");
  const { attribute } = target;
  const own = ownColumn(columns, target);
  const equals = own && op === "eq" && typeof wanted === "string" && columns.equals[attribute.name];
  if (equals) return equals(wanted);
  if (own) return compared(own, target.sub ?? attribute, op, wanted);
  if (!attribute.multiValued) return compared(textAt(columns, target), target.sub ?? attribute, op, wanted);
  const sub = target.sub ?? named(attribute.subAttributes ?? [], "value");
  if (!sub) throw refusal("invalidFilter", `Say which part of ${attribute.name} is meant.`);
  return ofSomeValue(columns, path, (value) => compared(sql`(${value} ->> ${sub.name})`, sub, op, wanted));
}

function ownColumn({ own }: Columns, { extension, attribute, sub }: Target): SQL | undefined {
  if (extension) return undefined;
  return own[sub ? `${attribute.name}.${sub.name}` : attribute.name];
}

/** The text of a single value within the JSON; of a complex one its `value`, where nothing else is said. */
function textAt(columns: Columns, { extension, attribute, sub }: Target): SQL {
  const part = sub ?? named(attribute.subAttributes ?? [], "value");
  if (attribute.type === "complex" && !part) {
    throw refusal("invalidFilter", `Say which part of ${attribute.name} is meant.`);
  }
  const names = [extension, attribute.name, part?.name].filter((name) => name !== undefined);
  return sql`(${jsonOf(columns, attribute)} #>> ${sql.param(names)}::text[])`;
}

function jsonOf({ json, kind }: Columns, { name, mutability }: Attribute): SQL {
  if (json && mutability !== "readOnly" && mutability !== "writeOnly") return json;
  throw refusal("invalidFilter", `A ${kind.name} cannot be found by ${name}.`);
}

/** Whether one of several values fits a condition of its own. */
function ofSomeValue(columns: Columns, path: string, fits: (value: SQL, attribute: Attribute) => SQL): SQL {
  const { extension, attribute } = requireTarget(columns.kind, path, "invalidFilter");
  if (!attribute.multiValued)
    throw refusal("invalidFilter", `${attribute.name} has one value, and no brackets.`);
  const own = columns.own[`${attribute.name}[]`];
  const names = [extension, attribute.name].filter((name) => name !== undefined);
  const values = own ?? sql`(${jsonOf(columns, attribute)} #> ${sql.param(names)}::text[])`;
  return sql`exists (select from jsonb_array_elements(coalesce(${values}, '[]'::jsonb)) as v(value)
    where ${fits(sql`v.value`, attribute)})`;
}

function onValue(value: SQL, attribute: Attribute, filter: Filter): SQL {
  switch (filter.op) {
    case "and":
    case "or":
      return sql`(${sql.join(
        filter.filters.map((one) => onValue(value, attribute, one)),
        filter.op === "and" ? sql` and ` : sql` or `,
      )})`;
    case "not":
      return sql`(not ${onValue(value, attribute, filter.filter)})`;
    case "[]":
      throw refusal("invalidFilter", "Brackets do not stand within brackets.");
    default: {
      const sub = named(attribute.subAttributes ?? [], filter.attrPath);
      if (!sub)
        throw refusal("invalidFilter", `${attribute.name} has no part ${filter.attrPath.slice(0, 100)}.`);
      const wanted = "compValue" in filter ? filter.compValue : undefined;
      return compared(sql`(${value} ->> ${sub.name})`, sub, filter.op, wanted);
    }
  }
}

/** Of what is not there nothing is true but that it is not equal, so that a negation is never undecided. */
function compared(
  found: SQL,
  attribute: Attribute,
  op: Operator,
  wanted: Compare["compValue"] | undefined,
): SQL {
  if (op === "pr") return sql`(${found} is not null)`;
  if (wanted === null || wanted === undefined) return comparedWithNothing(found, op);
  if (attribute.type === "boolean") return comparedWithBoolean(found, attribute, op, wanted);
  if (attribute.type === "dateTime") return comparedWithMoment(found, attribute, op, wanted);
  if (typeof wanted !== "string")
    throw refusal("invalidFilter", `${attribute.name} is compared with a text.`);
  const value = sql`${wanted}::text`;
  return attribute.caseExact
    ? comparedWithText(sql`(${found})::text`, value, op)
    : comparedWithText(sql`lower((${found})::text)`, sql`lower(${value})`, op);
}

function comparedWithNothing(found: SQL, op: Operator): SQL {
  if (op === "eq") return sql`(${found} is null)`;
  if (op === "ne") return sql`(${found} is not null)`;
  throw refusal("invalidFilter", "Nothing is greater or smaller than null.");
}

function comparedWithBoolean(found: SQL, { name }: Attribute, op: Operator, wanted: unknown): SQL {
  const isTrue =
    typeof wanted === "boolean" ? wanted : { true: true, false: false }[String(wanted).toLowerCase()];
  if (isTrue === undefined || (op !== "eq" && op !== "ne")) {
    throw refusal("invalidFilter", `${name} is compared with true or false, by eq or ne.`);
  }
  const same = sql`((${found})::text = ${String(isTrue)})`;
  return op === "eq" ? sql`coalesce(${same}, false)` : sql`not coalesce(${same}, false)`;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?$/;

function comparedWithMoment(found: SQL, { name }: Attribute, op: Operator, wanted: unknown): SQL {
  const isMoment = typeof wanted === "string" && ISO.test(wanted) && !Number.isNaN(Date.parse(wanted));
  if (!isMoment || !Object.hasOwn(ORDER, op)) {
    throw refusal("invalidFilter", `${name} is compared with a moment, such as 2026-01-31T12:00:00Z.`);
  }
  // As exact as it is shown.
  const shown = sql`date_trunc('milliseconds', ${found})`;
  return ordered(shown, sql`${new Date(wanted).toISOString()}::timestamptz`, op);
}

const ORDER: Partial<Record<Operator, SQL>> = {
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
  eq: sql`=`,
  ne: sql`<>`,
};

function ordered(found: SQL, wanted: SQL, op: Operator): SQL {
  return sql`coalesce(${found} ${ORDER[op]} ${wanted}, ${op === "ne"})`;
}

function comparedWithText(found: SQL, wanted: SQL, op: Operator): SQL {
  switch (op) {
    case "co":
      return sql`coalesce(position(${wanted} in ${found}) > 0, false)`;
    case "sw":
      return sql`coalesce(starts_with(${found}, ${wanted}), false)`;
    case "ew":
      return sql`coalesce(right(${found}, char_length(${wanted})) = ${wanted}, false)`;
    default:
      return ordered(sql`${found} collate "C"`, wanted, op);
  }
}
