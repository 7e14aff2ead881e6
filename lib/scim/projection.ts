import { findTarget, type Target } from "./attribute-path.ts";
import { isObject, type Json } from "./read-resource.ts";
import type { ResourceKind } from "./schema.ts";

/** What of a resource is to be shown, as `attributes` and `excludedAttributes` say (RFC 7644 3.9). */
export type Projection = { only: Target[] | undefined; without: Target[] };

/** What is always returned, whatever is asked for. */
const ALWAYS = new Set(["schemas", "id"]);

/** Names that no such resource has are no wish. */
export function projectionOf(kind: ResourceKind, parameters: URLSearchParams): Projection {
  const targets = (name: string) =>
    (parameters.get(name) ?? "")
      .split(",")
      .map((one) => findTarget(kind, one.trim()))
      .filter((target) => target !== undefined);
  const isAsked = (parameters.get("attributes") ?? "").trim() !== "";
  return { only: isAsked ? targets("attributes") : undefined, without: targets("excludedAttributes") };
}

/** Whether an attribute as a whole is shown. */
export function shows({ only, without }: Projection, name: string): boolean {
  if (only && !only.some(({ attribute }) => attribute.name === name)) return false;
  return !without.some(({ attribute, sub }) => attribute.name === name && !sub);
}

export function projected(resource: Json, projection: Projection): Json {
  const { only, without } = projection;
  const kept = only ? picked(resource, only) : structuredClone(resource);
  for (const target of without) remove(kept, target);
  return kept;
}

function picked(resource: Json, targets: Target[]): Json {
  const kept = Object.fromEntries(Object.entries(resource).filter(([name]) => ALWAYS.has(name)));
  for (const target of targets) pick(kept, resource, target);
  return kept;
}

function pick(kept: Json, resource: Json, { extension, attribute: { name }, sub }: Target): void {
  const from = extension ? resource[extension] : resource;
  if (!isObject(from) || from[name] === undefined) return;
  const to = extension ? partOf(kept, extension) : kept;
  to[name] = sub ? merged(to[name], from[name], sub.name) : from[name];
}

function partOf(object: Json, name: string): Json {
  const part = isObject(object[name]) ? object[name] : {};
  object[name] = part;
  return part;
}

/** One part of a value, or of each of several, beside the parts that are there already. */
function merged(before: unknown, value: unknown, name: string): unknown {
  const one = (had: unknown, has: unknown) => ({
    ...(isObject(had) ? had : {}),
    ...(isObject(has) && has[name] !== undefined ? { [name]: has[name] } : {}),
  });
  if (!Array.isArray(value)) return one(before, value);
  return value.map((has, index) => one(Array.isArray(before) ? before[index] : undefined, has));
}

function remove(resource: Json, { extension, attribute, sub }: Target): void {
  const place = extension ? resource[extension] : resource;
  if (!isObject(place) || ALWAYS.has(attribute.name)) return;
  if (!sub) {
    delete place[attribute.name];
    return;
  }
  for (const value of [place[attribute.name]].flat()) if (isObject(value)) delete value[sub.name];
}
