import { type Attribute, attributesOf, extensionAttributes, type ResourceKind } from "./schema.ts";
import { refusal } from "./scim-error.ts";

export type Json = { [name: string]: unknown };

/** More than any directory writes into one attribute. */
const MOST_CHARACTERS = 2000;

/** As many values as one attribute of a person has at most. Members of a group are counted by the size of the request. */
const MOST_VALUES = 100;

/**
 * What was sent of a resource, by the names of the schema and in their types: unknown attributes, those that nobody may
 * write and those without a value are left out. Throws what is wrong.
 */
export function readResource(kind: ResourceKind, sent: unknown): Json {
  if (!isObject(sent)) throw refusal("invalidSyntax", `A ${kind.name} is an object.`);
  const resource = readAttributes(attributesOf(kind), sent);
  const { extension } = kind;
  const more = extension && fieldOf(sent, extension);
  if (extension && isObject(more)) {
    const read = readAttributes(extensionAttributes(extension), more);
    if (Object.keys(read).length > 0) resource[extension] = read;
  }
  return resource;
}

function readAttributes(attributes: readonly Attribute[], sent: Json): Json {
  const read: Json = {};
  for (const attribute of attributes) {
    const value = isWritable(attribute) ? readValue(attribute, fieldOf(sent, attribute.name)) : undefined;
    if (value !== undefined) read[attribute.name] = value;
  }
  return read;
}

/** Passwords are taken and forgotten. */
export function isWritable({ mutability, returned }: Attribute): boolean {
  return mutability !== "readOnly" && returned !== "never";
}

/** The value of one attribute as it is kept; undefined for none, which null and an empty list are too (RFC 7643 2.5). */
export function readValue(attribute: Attribute, sent: unknown): unknown {
  if (sent === undefined || sent === null) return undefined;
  if (!attribute.multiValued) return readSingle(attribute, sent);
  // Some directories send one value where the schema has several.
  const values = Array.isArray(sent) ? sent : [sent];
  if (attribute.name !== "members" && values.length > MOST_VALUES) {
    throw refusal("invalidValue", `${attribute.name} has at most ${MOST_VALUES} values.`);
  }
  const read = values.map((value) => readSingle(attribute, value)).filter((value) => value !== undefined);
  return read.length > 0 ? read : undefined;
}

function readSingle(attribute: Attribute, sent: unknown): unknown {
  if (attribute.type === "boolean") return readBoolean(attribute, sent);
  if (attribute.type !== "complex") return readText(attribute, sent);
  // Entra ID sends a manager, and some directories an address, as the bare value.
  const object = typeof sent === "string" ? { value: sent } : sent;
  if (!isObject(object)) throw wrongType(attribute, "an object");
  const read = readAttributes(attribute.subAttributes ?? [], object);
  return Object.keys(read).length > 0 ? read : undefined;
}

/** Entra ID writes them as text, with a capital letter. */
function readBoolean(attribute: Attribute, sent: unknown): boolean {
  if (typeof sent === "boolean") return sent;
  if (typeof sent === "string" && /^(?:true|false)$/i.test(sent)) return sent.toLowerCase() === "true";
  throw wrongType(attribute, "true or false");
}

/** Never made of a number: an identifier that looks like one is a text all the same (INC25). */
function readText(attribute: Attribute, sent: unknown): string | undefined {
  if (typeof sent !== "string") throw wrongType(attribute, "a text");
  if (sent.length > MOST_CHARACTERS) {
    throw refusal("invalidValue", `${attribute.name} has at most ${MOST_CHARACTERS} characters.`);
  }
  // The database takes neither NUL nor halves of characters.
  if (sent.includes("\u0000") || !sent.isWellFormed())
    throw wrongType(attribute, "a text of whole characters");
  return sent === "" ? undefined : sent;
}

function wrongType({ name }: Attribute, wanted: string): Error {
  return refusal("invalidValue", `${name} has to be ${wanted}.`);
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** By its name in whatever letters, and its own: never what any object has. */
export function fieldOf(object: Json, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(object).find((one) => one.toLowerCase() === wanted);
  return key === undefined ? undefined : object[key];
}
