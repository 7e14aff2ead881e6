import type * as z from "zod";
import { DomainError, invalid, notFound } from "#lib/core/errors.ts";
import { parse } from "#lib/core/parse.ts";
import type { Operation } from "./operation.ts";

/** The parameters of the address; what cannot be an id is not found. */
export function paramsIn({ params }: Operation, sent: unknown): unknown {
  const { success, data } = params.safeParse(sent ?? {});
  if (!success) throw notFound();
  return data;
}

/** Throws invalid for parameters that this operation does not know, or that come twice. */
export function queryIn({ query }: Operation, request: Request): unknown {
  const sent = new URL(request.url).searchParams;
  const given: Record<string, string | string[]> = {};
  for (const name of new Set(sent.keys())) {
    const [first = "", ...others] = sent.getAll(name);
    given[name] = others.length > 0 ? [first, ...others] : first;
  }
  return checked(query, given);
}

/** The body as text. Throws for one that does not say that it is JSON: no page of another site can send that unasked. */
export async function textOf(request: Request): Promise<string> {
  const text = await request.text();
  if (text === "") return text;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new DomainError("invalid", "The body of this request has to be of the type application/json.");
  }
  return text;
}

/** What a PATCH leaves out stays as it is, whatever the schema has for it. */
export function bodyIn({ method, body }: Operation, text: string): unknown {
  if (!body) return undefined;
  const sent = jsonOf(text);
  const read = checked(body, sent);
  if (method !== "PATCH") return read;
  const fields = Object.entries(read as object).filter(([name]) => Object.hasOwn(sent as object, name));
  return Object.fromEntries(fields);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError("invalid", "The body of this request has to be JSON.");
  }
}

/** No text of ours holds a NUL, and the database takes none. */
function checked(schema: z.ZodType, sent: unknown): unknown {
  if (/\\u0000/.test(asText(sent))) throw invalid({ form: ["Leave out the character NUL."] });
  return parse(schema, sent);
}

/** Throws invalid for what is nested so deep that it cannot be walked through. */
function asText(sent: unknown): string {
  try {
    return JSON.stringify(sent) ?? "";
  } catch {
    throw new DomainError("invalid", "The body of this request is nested too deep.");
  }
}
