import { type Attribute, attributesOf, extensionAttributes, named, type ResourceKind } from "./schema.ts";
import { refusal, type ScimType } from "./scim-error.ts";

/** Where a value stands in a resource: by names of the schema alone, whatever was asked for. */
export type Target = { extension?: string; attribute: Attribute; sub?: Attribute };

/**
 * What a path such as `name.givenName` names, with or without its schema in front and in whatever letters. Undefined for
 * what no resource of this kind has.
 */
export function findTarget(kind: ResourceKind, path: string): Target | undefined {
  const { extension, rest } = withoutSchema(kind, path);
  if (extension) return targetIn(extensionAttributes(extension), rest, extension);
  const own = targetIn(attributesOf(kind), rest);
  if (own || !kind.extension) return own;
  // Entra ID asks for a manager by the bare name.
  return targetIn(extensionAttributes(kind.extension), rest, kind.extension);
}

function targetIn(attributes: readonly Attribute[], rest: string, extension?: string): Target | undefined {
  const [name = "", subName, ...more] = rest.split(".");
  const attribute = named(attributes, name);
  if (!attribute || more.length > 0) return undefined;
  const sub = subName === undefined ? undefined : named(attribute.subAttributes ?? [], subName);
  if (subName !== undefined && !sub) return undefined;
  return { ...(extension && { extension }), attribute, ...(sub && { sub }) };
}

/** The same where there must be one. Throws what is wrong with a path or a filter. */
export function requireTarget(kind: ResourceKind, path: string, scimType: ScimType): Target {
  const target = findTarget(kind, path);
  if (!target) throw refusal(scimType, `A ${kind.name} has no attribute ${path.slice(0, 100)}.`);
  return target;
}

function withoutSchema(kind: ResourceKind, path: string): { extension?: string; rest: string } {
  for (const schema of [kind.schema, kind.extension ?? kind.schema]) {
    if (!path.toLowerCase().startsWith(`${schema.toLowerCase()}:`)) continue;
    const rest = path.slice(schema.length + 1);
    return schema === kind.extension ? { extension: schema, rest } : { rest };
  }
  return { rest: path };
}
