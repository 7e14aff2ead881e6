import { apiTokens } from "#db/schema/api-tokens.ts";
import { withTenant } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { PERMISSIONS } from "#lib/access/permissions.ts";
import { answer } from "#lib/api/answer.ts";
import { OPERATIONS, operationsAt } from "#lib/api/registry.ts";
import { newApiToken } from "#lib/auth/api-tokens/api-token.ts";
import { readApiToken } from "#lib/auth/api-tokens/read-api-token.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { hostOf, visitorOf } from "./contexts.ts";

const SOURCE = "203.0.113.9";

/** A program that has an API token of this member, for these permissions or for all. */
export async function aProgramOf(
  tenant: Tenant,
  { id: memberId }: Member,
  scopes: readonly Permission[] = Object.keys(PERMISSIONS) as Permission[],
): Promise<Context> {
  const { token, hint } = newApiToken();
  await withTenant(tenant.id, (db, now) =>
    db.insert(apiTokens).values({
      memberId,
      tokenHash: sha256(token),
      hint,
      scopes: [...scopes],
      createdBy: memberId,
      expiresAt: after(now, DAY),
    }),
  );
  const reading = await readApiToken(tenant, SOURCE, token);
  if (reading.state === "none") throw new Error(`The token is worth nothing: ${reading.reason}.`);
  return { ...visitorOf(tenant, { source: SOURCE }), actor: reading.actor };
}

type Asking = { body?: unknown; text?: string; headers?: Record<string, string> };

export type ApiAnswer = {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about.
  json: any;
};

/** Sends a request to the API, by the address that the document has for it. */
export async function ask(ctx: Context, line: string, asking: Asking = {}): Promise<ApiAnswer> {
  const [method = "GET", target = "/"] = line.split(" ");
  const url = new URL(`http://${hostOf(ctx.tenant)}/api/v1${target}`);
  const { path, params } = addressOf(url.pathname.slice("/api/v1".length));
  const text = asking.text ?? (asking.body === undefined ? undefined : JSON.stringify(asking.body));
  const headers = { ...(text !== undefined && { "content-type": "application/json" }), ...asking.headers };
  const request = new Request(url, { method, headers, ...(text !== undefined && { body: text }) });
  const response = await answer(operationsAt(path), { ctx, request, params });
  return read(response);
}

async function read(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, text, json: text === "" ? undefined : JSON.parse(text) };
}

/** The address as the document writes it, and what stands in place of its parameters. */
function addressOf(pathname: string): { path: string; params: Record<string, string> } {
  const sent = pathname.split("/");
  const fitting = OPERATIONS.map(({ path }) => path).filter((path) => fits(path.split("/"), sent));
  const path = fitting.sort((one, other) => one.split("{").length - other.split("{").length)[0];
  if (!path) throw new Error(`There is no ${pathname} in the API.`);
  const params = path
    .split("/")
    .flatMap((part, index) =>
      part.startsWith("{") ? [[part.slice(1, -1), decodeURIComponent(sent[index] ?? "")]] : [],
    );
  return { path, params: Object.fromEntries(params) };
}

function fits(path: string[], sent: string[]): boolean {
  return (
    path.length === sent.length && path.every((part, index) => part.startsWith("{") || part === sent[index])
  );
}
