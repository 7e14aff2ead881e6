import { findTarget, requireTarget, type Target } from "./attribute-path.ts";
import { type Filter, parseFilter } from "./filter.ts";
import { fits, partOf } from "./filter-match.ts";
import { fieldOf, isObject, isWritable, type Json, readValue } from "./read-resource.ts";
import type { Attribute, ResourceKind } from "./schema.ts";
import { refusal } from "./scim-error.ts";

type Kind = "add" | "replace" | "remove";

type Operation = { kind: Kind; target: Target; filter?: Filter; value: unknown };

/** More than any directory puts into one request. */
const MOST_OPERATIONS = 1000;

/**
 * A resource after the operations of a PATCH (RFC 7644 3.5.2), in the dialects of Entra ID and Okta too: capital letters in
 * `op`, no path but an object with dotted names, booleans as text. Changes nothing of what is given. Throws what is wrong.
 */
export function patched(kind: ResourceKind, resource: Json, body: unknown): Json {
  const changed = structuredClone(resource);
  for (const operation of operationsIn(kind, body)) apply(changed, operation);
  return changed;
}

function operationsIn(kind: ResourceKind, body: unknown): Operation[] {
  const sent = isObject(body) ? fieldOf(body, "Operations") : undefined;
  if (!Array.isArray(sent) || sent.length === 0) {
    throw refusal("invalidSyntax", "A PATCH has a list of Operations.");
  }
  if (sent.length > MOST_OPERATIONS) throw refusal("invalidSyntax", `At most ${MOST_OPERATIONS} operations.`);
  return sent.flatMap((one) => operationsOf(kind, one));
}

function operationsOf(kind: ResourceKind, sent: unknown): Operation[] {
  if (!isObject(sent)) throw refusal("invalidSyntax", "An operation is an object.");
  const op = String(fieldOf(sent, "op")).toLowerCase();
  const [path, value] = [fieldOf(sent, "path"), fieldOf(sent, "value")];
  if (op !== "add" && op !== "replace" && op !== "remove") {
    throw refusal("invalidSyntax", "An operation adds, replaces or removes.");
  }
  if (typeof path === "string" && path.trim() !== "") return [atPath(kind, op, path.trim(), value)];
  if (op === "remove") throw refusal("noTarget", "Say by a path what is to be removed.");
  if (!isObject(value)) throw refusal("invalidValue", "Without a path the value is an object.");
  return withoutPath(kind, op, value);
}

/** Each member of the object by itself. What nobody writes, such as the id that Okta repeats, is passed over. */
function withoutPath(kind: ResourceKind, op: Kind, value: Json): Operation[] {
  return Object.entries(value).flatMap(([name, one]) => {
    if (kind.extension && name.toLowerCase() === kind.extension.toLowerCase() && isObject(one)) {
      const within = Object.entries(one).map(([part, it]) => [`${kind.extension}:${part}`, it]);
      return withoutPath(kind, op, Object.fromEntries(within));
    }
    const { path, filter } = parts(name);
    const target = findTarget(kind, path);
    if (!target || !isWritable(target.attribute)) return [];
    return filter === undefined ? [{ kind: op, target, value: one }] : [atPath(kind, op, name, one)];
  });
}

function atPath(kind: ResourceKind, op: Kind, text: string, value: unknown): Operation {
  const { path, filter } = parts(text);
  const target = requireTarget(kind, path, "invalidPath");
  const { attribute } = target;
  if (attribute.mutability === "readOnly") throw refusal("mutability", `${attribute.name} is the portal's.`);
  if (filter === undefined) return { kind: op, target, value };
  if (!attribute.multiValued)
    throw refusal("invalidPath", `${attribute.name} has one value, and no brackets.`);
  return { kind: op, target, filter: parseFilter(filter, "invalidPath"), value };
}

/** `emails[type eq "work"].value` as `emails.value` and what stands in the brackets. */
function parts(text: string): { path: string; filter?: string } {
  const begin = text.indexOf("[");
  const end = text.lastIndexOf("]");
  if (begin < 0) return { path: text };
  const rest = text.slice(end + 1);
  if (end < begin || (rest !== "" && !rest.startsWith("."))) {
    throw refusal("invalidPath", "The brackets of the path are not closed.");
  }
  return { path: text.slice(0, begin) + rest, filter: text.slice(begin + 1, end) };
}

function apply(resource: Json, operation: Operation): void {
  const { extension, attribute } = operation.target;
  if (!isWritable(attribute)) return;
  const place = extension ? partIn(resource, extension) : resource;
  const before = place[attribute.name];
  const after = attribute.multiValued ? severalAfter(operation, before) : singleAfter(operation, before);
  if (isNothing(after)) delete place[attribute.name];
  else place[attribute.name] = after;
  if (extension && isNothing(place)) delete resource[extension];
}

function partIn(resource: Json, extension: string): Json {
  const part = isObject(resource[extension]) ? resource[extension] : {};
  resource[extension] = part;
  return part;
}

function isNothing(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function singleAfter({ kind, target: { attribute, sub }, value }: Operation, before: unknown): unknown {
  const object = isObject(before) ? before : {};
  if (sub) return withPart(object, sub, kind === "remove" ? undefined : readValue(sub, value));
  const wanted = kind === "remove" ? undefined : readValue(attribute, value);
  return isObject(wanted) ? { ...object, ...wanted } : wanted;
}

function withPart(object: Json, { name }: Attribute, value: unknown): Json {
  const { [name]: _, ...others } = object;
  return value === undefined ? others : { ...others, [name]: value };
}

function severalAfter(operation: Operation, before: unknown): unknown {
  const values = Array.isArray(before) ? (before as Json[]) : [];
  const { target, filter } = operation;
  const after = filter || target.sub ? ofSome(operation, values) : ofAll(operation, values);
  return after && withOnePrimary(after, values);
}

/** The whole attribute: its list of values. */
function ofAll({ kind, target: { attribute }, value }: Operation, values: Json[]): Json[] {
  const sent = (readValue(attribute, value) as Json[] | undefined) ?? [];
  if (kind === "replace") return withoutDoubles(sent);
  if (kind === "add") return withoutDoubles([...values, ...sent]);
  // Entra ID and others name in the value what is to go; without one all of it goes.
  const going = new Set(sent.map(identityOf));
  return sent.length === 0 ? [] : values.filter((one) => !going.has(identityOf(one)));
}

/** Members of a group are the same by their value, addresses by what they are for as well. */
function identityOf({ value, type }: Json): string {
  return JSON.stringify([value, type === "User" ? undefined : type]);
}

function withoutDoubles(values: Json[]): Json[] {
  const byIdentity = new Map<string, Json>();
  for (const one of values) {
    const identity = one.value === undefined ? JSON.stringify(one) : identityOf(one);
    byIdentity.set(identity, { ...byIdentity.get(identity), ...one });
  }
  return [...byIdentity.values()];
}

/** Those values that the brackets pick out, or one part of each. */
function ofSome(operation: Operation, values: Json[]): Json[] {
  const { kind, target, filter } = operation;
  const isMeant = (one: Json) => filter === undefined || fits(target.attribute, filter, one);
  if (kind === "remove" && !target.sub) return values.filter((one) => !isMeant(one));
  if (!values.some(isMeant)) return withNew(operation, values);
  return values
    .map((one) => (isMeant(one) ? { ...changedValue(operation, one) } : one))
    .filter((one) => Object.keys(one).length > 0);
}

function changedValue({ kind, target: { attribute, sub }, value }: Operation, before: Json): Json {
  if (sub) return withPart(before, sub, kind === "remove" ? undefined : readValue(sub, value));
  return { ...before, ...readOne(attribute, value) };
}

function readOne(attribute: Attribute, value: unknown): Json {
  const [one] = (readValue(attribute, value) as Json[] | undefined) ?? [];
  return one ?? {};
}

/**
 * Nothing fits yet. What is to be removed is gone already; what is to be written becomes a value of its own that fits, as
 * Entra ID expects of `emails[type eq "work"].value`, where the brackets say plainly what it would be.
 */
function withNew(operation: Operation, values: Json[]): Json[] {
  const { kind, target, filter } = operation;
  if (kind === "remove") return values;
  const made = filter ? saidBy(target.attribute, filter) : {};
  if (!made) throw refusal("noTarget", `No value of ${target.attribute.name} fits the brackets of the path.`);
  return [...values, changedValue(operation, made)];
}

/** The value that a filter of equalities describes; undefined for any other filter. */
function saidBy(attribute: Attribute, filter: Filter): Json | undefined {
  if (filter.op === "eq" && "compValue" in filter) {
    const sub = partOf(attribute, filter.attrPath);
    return withPart({}, sub, readValue(sub, filter.compValue));
  }
  if (filter.op !== "and") return undefined;
  const said = filter.filters.map((one) => saidBy(attribute, one));
  return said.every((one) => one !== undefined) ? Object.assign({}, ...said) : undefined;
}

/** At most one value is the main one; the newest that says so (RFC 7644 3.5.2). */
function withOnePrimary(after: Json[], before: Json[]): Json[] {
  const primary = after.filter((one) => one.primary === true);
  if (primary.length < 2) return after;
  const wasPrimary = new Set(before.filter((one) => one.primary === true).map(identityOf));
  const chosen = primary.findLast((one) => !wasPrimary.has(identityOf(one))) ?? primary[0];
  return after.map((one) => (one === chosen || one.primary !== true ? one : { ...one, primary: false }));
}
