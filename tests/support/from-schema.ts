import fc from "fast-check";

export type Schema = { [key: string]: unknown };

export type Known = {
  /** Ids by the name of the field that they fit, and all of them for other fields. */
  ids: Readonly<Record<string, readonly string[]>> & { all: readonly string[] };
  /** Texts that are right for fields of a name. */
  texts: Readonly<Record<string, readonly string[]>>;
  schemas: Record<string, unknown>;
};

/** Values as a JSON Schema wants them, and now and then as it does not: what is right in form may be wrong in fact. */
export function fromSchema(schema: Schema, known: Known, name = ""): fc.Arbitrary<unknown> {
  const wanted = wantedBy(schema, known, name);
  return fc.oneof({ weight: 30, arbitrary: wanted }, { weight: 1, arbitrary: NONSENSE });
}

/** What has broken programs before: nothing, too much, other types, control characters, halves of characters. */
const NONSENSE: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "\ud800",
    "a".repeat(3000),
    "%",
    "'; --",
    "__proto__",
    -1,
    2 ** 53,
    null,
  ),
);

function wantedBy(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === "string") {
    return fromSchema(known.schemas[schema.$ref.split("/").at(-1) ?? ""] as Schema, known);
  }
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => fromSchema(choice, known, name)));
  return ofType(schema, known, name);
}

function ofType(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case "string":
      return text(schema, known, name);
    case "integer":
    case "number":
      return fc.oneof({ weight: 6, arbitrary: within(schema) }, { weight: 1, arbitrary: fc.integer() });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(fromSchema(schema.items as Schema, known, name), { maxLength: 4 });
    case "object":
      return object(schema, known);
    default:
      return NONSENSE;
  }
}

function within({ minimum = 0, maximum = 40 }: Schema): fc.Arbitrary<number> {
  return fc.integer({ min: Number(minimum), max: Math.min(Number(maximum), 1000) });
}

function text({ format }: Schema, { ids, texts }: Known, name: string): fc.Arbitrary<string> {
  if (format === "uuid") {
    return fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...(ids[name] ?? ids.all)) },
      { weight: 2, arbitrary: fc.constantFrom(...ids.all) },
      { weight: 1, arbitrary: fc.uuid() },
    );
  }
  const fitting = texts[name];
  const any = fc.string({ maxLength: 20 });
  return fitting
    ? fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: any })
    : any;
}

function object({ properties = {}, required = [] }: Schema, known: Known): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties as Record<string, Schema>);
  const model = Object.fromEntries(fields.map(([name, schema]) => [name, fromSchema(schema, known, name)]));
  const whole = fc.record(model, { requiredKeys: required as string[] });
  const more = fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 1 });
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: fc.record(model, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.tuple(whole, more).map(([one, other]) => ({ ...one, ...other })) },
  );
}
