import { expect } from "vitest";
import { scimTokens } from "#db/schema/scim.ts";
import { withTenant } from "#db/tenant.ts";
import type { GroupPreset } from "#lib/access/permissions.ts";
import { after, DAY } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { answerDirectory } from "#lib/scim/answer.ts";
import { scimProblem } from "#lib/scim/answers.ts";
import { authenticateDirectory } from "#lib/scim/tokens/authenticate-directory.ts";
import { newScimToken } from "#lib/scim/tokens/scim-token.ts";
import { aLiveConnection, type LiveConnection, withRules as withGroupRules } from "./connections.ts";
import { hostOf, visitorOf } from "./contexts.ts";
import { owner } from "./database.ts";
import { contentsOf } from "./records.ts";
import { groupOf } from "./tenants.ts";

export type Directory = {
  tenant: Tenant;
  connectionId: string;
  connection: LiveConnection;
  token: string;
};

/** A directory of a firm: a live connection, whose people become what is named here, and a token for it. */
export async function aDirectory(
  tenant: Tenant,
  usual: GroupPreset | undefined = "regular",
): Promise<Directory> {
  const defaultGroupId = usual && (await groupOf(tenant, usual));
  const connection = await aLiveConnection(tenant, { defaultGroupId, firstSignIn: "link" });
  const { id: connectionId } = connection;
  const { token, hint } = newScimToken();
  await withTenant(tenant.id, (db, now) =>
    db.insert(scimTokens).values({
      ...{ connectionId, name: "Sync", shownPrefix: hint, expiresAt: after(now, DAY) },
      tokenHash: sha256(token),
    }),
  );
  return { tenant, connectionId, connection, token };
}

type Rule = { group: string; gives: GroupPreset; allowsAdministrator?: boolean };

/** Says which groups of the directory give which security groups, in their order. */
export async function withRules({ tenant, connection }: Directory, rules: Rule[]): Promise<void> {
  const ids = await Promise.all(rules.map(({ gives }) => groupOf(tenant, gives)));
  const lines = rules.map(
    ({ group, allowsAdministrator }, index) => [group, ids[index] ?? "", allowsAdministrator] as const,
  );
  if (lines.length > 0) await withGroupRules(connection, ...lines.map(([...line]) => line));
}

export type ScimAnswer = {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about.
  json: any;
};

type Saying = { body?: unknown; text?: string; headers?: Record<string, string>; at?: Tenant };

/** What the portal answers a directory that says this, such as `GET /Users?count=1`. */
export async function say(directory: Directory, line: string, saying: Saying = {}): Promise<ScimAnswer> {
  const { at = directory.tenant } = saying;
  const [method = "GET", ...target] = line.split(" ");
  const url = new URL(`http://${hostOf(at)}/api/scim/v2${target.join(" ")}`);
  const text = saying.text ?? (saying.body === undefined ? undefined : JSON.stringify(saying.body));
  const headers = {
    ...(text !== undefined && { "content-type": "application/scim+json" }),
    ...saying.headers,
  };
  const request = new Request(url, { method, headers, ...(text !== undefined && { body: text }) });
  return read(await answered(directory, at, request));
}

/** As lib/web puts it together for the routes. */
async function answered({ token }: Directory, at: Tenant, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.split("/").slice(4).map(decodeURIComponent);
  const visitor = visitorOf(at, { source: "203.0.113.50" });
  try {
    return await answerDirectory({ ctx: await authenticateDirectory(visitor, token), request, path });
  } catch (error) {
    return scimProblem(error, visitor.origin);
  }
}

async function read(response: Response): Promise<ScimAnswer> {
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, text, json: text === "" ? undefined : JSON.parse(text) };
}

/** Holds that a request is refused and that nothing was written but its own trace. */
export async function refusedBy(directory: Directory, line: string, body?: unknown): Promise<ScimAnswer> {
  const before = await contentsBut(directory);
  const answer = await say(directory, line, { body });
  expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
  expect(answer.json.schemas).toEqual(["urn:ietf:params:scim:api:messages:2.0:Error"]);
  expect(await contentsBut(directory)).toEqual(before);
  return answer;
}

/** All that the firm has, but for the note that a directory asked. */
async function contentsBut({ tenant }: Directory) {
  const { scim_requests: _requests, scim_tokens: _tokens, ...contents } = await contentsOf(tenant);
  return contents;
}

/** The member that a user of a directory is, with the preset of its security group. */
export async function memberOf({ tenant }: Directory, userId: string) {
  const [row] = await owner()`
    select m.*, g.preset from scim_users u
      join members m on m.tenant_id = u.tenant_id and m.id = u.member_id
      join security_groups g on g.tenant_id = m.tenant_id and g.id = m.security_group_id
     where u.tenant_id = ${tenant.id} and u.id = ${userId}`;
  if (!row) throw new Error("There is no member.");
  return row as Member & Record<string, unknown>;
}

let count = 0;

/** A user as a directory sends one. */
export function aUser(more: Record<string, unknown> = {}) {
  count += 1;
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: `user${count}@people.example`,
    externalId: `external-${count}`,
    name: { givenName: "Robin", familyName: `Example ${count}` },
    emails: [{ value: `user${count}@people.example`, type: "work", primary: true }],
    active: true,
    ...more,
  };
}

/** A user that is there. Gives the resource. */
export async function aUserOf(directory: Directory, more: Record<string, unknown> = {}) {
  const { status, json } = await say(directory, "POST /Users", { body: aUser(more) });
  if (status !== 201) throw new Error(`The user was not made: ${JSON.stringify(json)}.`);
  return json;
}

/** Operations as the body of a PATCH. */
export function patchOf(...operations: object[]) {
  return { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: operations };
}
