import "server-only";
import { invalid } from "#lib/core/errors.ts";

/** The fields of a form that another site has posted, each at most once (SEC28). Throws invalid for anything else. */
export async function formFields(request: Request): Promise<Record<string, string>> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) throw invalid({}, "A form is expected here.");
  const pairs = [...new URLSearchParams(await request.text())];
  const fields = Object.fromEntries(pairs);
  if (Object.keys(fields).length !== pairs.length) throw invalid({}, "A field is there twice.");
  return fields;
}
