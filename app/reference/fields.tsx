import type { JsonSchema } from "#lib/api/openapi.ts";
import { sayType } from "#lib/api/say-type.ts";

type Field = { name: string; schema: JsonSchema; required?: boolean; description?: string };

/** The fields of an object; each with what it is and what it means. */
export function Fields({ fields }: { fields: Field[] }) {
  if (fields.length === 0) return <p className="text-ink-muted text-sm">None.</p>;
  return (
    <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[minmax(9rem,auto)_1fr]">
      {fields.map(({ name, schema, required, description }) => (
        <div key={name} className="contents">
          <dt className="wrap-anywhere font-mono">
            {name}
            {required && <span className="font-sans text-ink-muted text-xs"> required</span>}
          </dt>
          <dd className="wrap-anywhere mb-2 min-w-0 text-ink-muted sm:mb-0">
            {sayType(schema)}
            {description && `. ${description.replaceAll("`", "")}`}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What has to be sent is marked; what is answered is there anyway. */
export function fieldsOf(
  { properties = {}, required = [] }: JsonSchema,
  { sent }: { sent: boolean },
): Field[] {
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => ({
    name,
    schema,
    required: sent && (required as string[]).includes(name),
    ...(typeof schema.description === "string" && { description: schema.description }),
  }));
}
