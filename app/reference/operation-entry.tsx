import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { curlExample } from "#lib/api/curl-example.ts";
import type { JsonSchema, OpenApiOperation } from "#lib/api/openapi.ts";
import { Code } from "./code.tsx";
import { Fields, fieldsOf } from "./fields.tsx";

type Schemas = Record<string, unknown>;

type OperationEntryProps = {
  method: string;
  path: string;
  operation: OpenApiOperation | undefined;
  schemas: Schemas;
};

const TONES = { GET: "info", POST: "success", PUT: "warning", PATCH: "warning", DELETE: "error" } as const;

/** One operation: closed it says what it does, open how. */
export function OperationEntry({ method, path, operation, schemas }: OperationEntryProps) {
  if (!operation) return null;
  const { operationId, summary, description, parameters } = operation;
  const body = operation.requestBody?.content["application/json"]?.schema as JsonSchema | undefined;
  const answer = answerOf(operation, schemas);
  return (
    <details id={operationId} className="card">
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3">
        <Badge tone={TONES[method as keyof typeof TONES]}>{method}</Badge>
        <code className="wrap-anywhere min-w-0 font-semibold text-sm">{path}</code>
        <span className="min-w-0 text-ink-muted text-sm">{summary}</span>
      </summary>
      <div className="grid gap-4 border-line border-t p-4">
        {description && <p>{description}</p>}
        <p className="text-sm">{sayWho(operation)}</p>
        <Part title="Parameters">
          <Fields
            fields={parameters.map(({ name, schema, ...one }) => ({
              name,
              ...one,
              schema: schema as JsonSchema,
            }))}
          />
        </Part>
        {body && (
          <Part title="Body">
            <Fields fields={fieldsOf(body, { sent: true })} />
          </Part>
        )}
        {answer && (
          <Part title={answer.title}>
            <Fields fields={fieldsOf(answer.schema, { sent: false })} />
          </Part>
        )}
        <p className="text-ink-muted text-sm">Statuses: {Object.keys(operation.responses).join(", ")}</p>
        <Code>{curlExample(method, path, operation)}</Code>
      </div>
    </details>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-1">
      <h3 className="font-semibold text-sm">{title}</h3>
      {children}
    </div>
  );
}

/** The fields of success, whether they stand there or among the named schemas; of a list, those of its rows. */
function answerOf({ responses }: OpenApiOperation, schemas: Schemas) {
  const [status, success] = Object.entries(responses).find(([code]) => code.startsWith("2")) ?? [];
  const found = success?.content?.["application/json"]?.schema as JsonSchema | undefined;
  if (!found) return undefined;
  const schema = named(found, schemas);
  const { data } = (schema.properties ?? {}) as { data?: { items: JsonSchema } };
  if (!data) return { title: `Answer ${status}`, schema };
  return { title: `Answer ${status}, each row of data`, schema: named(data.items, schemas) };
}

function named(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const name = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  return name ? (schemas[name] as JsonSchema) : schema;
}

const OTHERS: Readonly<Record<string, string>> = {
  anyone: "Needs no token.",
  pending: "Needs the token of a sign-in that asked for a new password.",
  member: "Needs a token, of whomever.",
  person: "Needs the token of a session: an API token cannot do this.",
};

function sayWho(operation: OpenApiOperation): string {
  const needed = operation["x-permission"];
  const besides = operation["x-may-need"] ?? [];
  const first = OTHERS[needed] ?? `Needs ${needed}: ${PERMISSIONS[needed as Permission]}.`;
  return besides.length > 0 ? `${first} Some of it needs ${besides.join(", ")}.` : first;
}
