import type { Context } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { ScimError, type ScimType } from "./scim-error.ts";

export const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

const HEADERS = { "content-type": "application/scim+json", "cache-control": "no-store" };

/** A resource or a list as the protocol writes it. */
export function scimAnswer(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...HEADERS, ...headers } });
}

/** What went wrong, in the protocol's own form (RFC 7644 3.12). Of what is our fault it says the number alone. */
export function scimProblem(error: unknown, { requestId }: Pick<Context["origin"], "requestId">): Response {
  if (error instanceof DomainError) return saidBy(error);
  log().error({ requestId, err: error }, "directory request failed");
  return errorAnswer(500, `Something went wrong. The number of this error is ${requestId}.`);
}

export function errorAnswer(status: number, detail: string, scimType?: ScimType): Response {
  const body = { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType && { scimType }), detail };
  return scimAnswer(body, status);
}

function saidBy(error: DomainError): Response {
  const { code, retryAfterSeconds } = error;
  const status = code === "invalid" ? 400 : error.status;
  const response = errorAnswer(status, sentenceOf(error), typeOf(error));
  if (retryAfterSeconds) response.headers.set("retry-after", String(retryAfterSeconds));
  if (status === 401) response.headers.set("www-authenticate", "Bearer");
  return response;
}

/** The sentences beside the fields say more than the one above a form does. */
function sentenceOf({ message, fieldErrors }: DomainError): string {
  const said = Object.values(fieldErrors).flat();
  return said.length > 0 ? said.join(" ") : message;
}

function typeOf(error: DomainError): ScimType | undefined {
  if (error instanceof ScimError) return error.scimType;
  if (error.code === "invalid") return "invalidValue";
  if (error.code !== "conflict") return undefined;
  return NAMES.some((field) => Object.hasOwn(error.fieldErrors, field)) ? "uniqueness" : "mutability";
}

/** The fields that somebody else may have already. Any other conflict is one with the state of things. */
const NAMES = ["username", "email"];
