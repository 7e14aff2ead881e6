import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { authenticateApiToken } from "#lib/auth/api-tokens/authenticate-api-token.ts";
import { DAY } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { authenticateDirectory } from "#lib/scim/tokens/authenticate-directory.ts";
import { generateScimToken } from "#lib/scim/tokens/generate-scim-token.ts";
import { revokeScimToken } from "#lib/scim/tokens/revoke-scim-token.ts";
import { newScimToken } from "#lib/scim/tokens/scim-token.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { auditOf, dump, refusalsOf, refused, rowsOf } from "#tests/support/records.ts";
import { aDirectory, aUser, aUserOf, type Directory, refusedBy, say } from "#tests/support/scim.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";
import { declaredUseCases } from "#tests/support/use-cases.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

const administratorOf = (tenant: Tenant) => actingWith(tenant, ...everything);

const wish = ({ connectionId }: Directory) => ({ connectionId, name: "Entra ID", expiresInDays: "90" });

describe("a token of a directory (SEC82)", () => {
  test("is given once, is nowhere kept, and says when and from whom it came", async () => {
    const tenant = await aTenant();
    const directory = await aDirectory(tenant);
    const { token, hint } = await generateScimToken(administratorOf(tenant), wish(directory));
    expect(token).toMatch(/^portalscim_[0-9A-Za-z]{36}$/);
    expect(await dump()).not.toContain(token.slice("portalscim_".length, -6));
    expect((await say({ ...directory, token }, "GET /Users")).status).toBe(200);
    const event = (await auditOf(tenant)).find((one) => one.event === "scim_token.generated");
    expect(event).toMatchObject({ targetId: directory.connectionId, detail: { hint } });
    const [row] = await owner()`select last_used_at from scim_tokens where shown_prefix = ${hint}`;
    expect(row?.last_used_at).toBeInstanceOf(Date);
  });

  test("may have one more beside it, and no third", async () => {
    const tenant = await aTenant();
    const first = await aDirectory(tenant);
    const ctx = administratorOf(tenant);
    const { token } = await generateScimToken(ctx, wish(first));
    for (const one of [first, { ...first, token }]) expect((await say(one, "GET /Users")).status).toBe(200);
    const attempt = () => generateScimToken(ctx, wish(first));
    expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
  });

  test.each([
    [
      "revoked",
      async (directory: Directory) => {
        const [row] =
          await owner()`select id from scim_tokens where connection_id = ${directory.connectionId}`;
        await revokeScimToken(administratorOf(directory.tenant), { tokenId: row?.id });
      },
    ],
    ["expired", async () => clock.travel(DAY)],
    [
      "retired",
      async ({ connectionId }: Directory) => {
        await owner()`update connections set state = 'retired' where id = ${connectionId}`;
      },
    ],
  ] as const)("is refused from its next request on when it is %s", async (reason, end) => {
    const directory = await aDirectory(await aTenant());
    expect((await say(directory, "GET /Users")).status).toBe(200);
    await end(directory);
    expect((await refusedBy(directory, "POST /Users", aUser())).status).toBe(401);
    expect(await refusalsOf(directory.tenant, "directory")).toEqual([`${reason}_token`]);
  });

  test("that is none is told nothing, and every such answer is the same to the byte (SEC11)", async () => {
    const directory = await aDirectory(await aTenant());
    const foreign = await aDirectory(await aTenant());
    await owner()`update scim_tokens set revoked_at = portal_now() where tenant_id = ${foreign.tenant.id}`;
    const { id } = await aUserOf(directory);
    const tokens = [
      ...["", "x", "portal_abc", newScimToken().token, `${directory.token}x`, directory.token.slice(0, -1)],
      foreign.token,
    ];
    const answers = [];
    for (const token of tokens) {
      for (const line of ["GET /Users", `GET /Users/${id}`, "GET /ServiceProviderConfig", "GET /Nobody"]) {
        const { status, text, headers } = await say({ ...directory, token }, line);
        answers.push(JSON.stringify([status, text, [...headers]]));
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain("401");
    expect(answers[0]).toContain('["www-authenticate","Bearer"]');
  });

  test("that is wrong a hundred times is refused without a trace from then on, and a right one is not", async () => {
    await clock.stop();
    const directory = await aDirectory(await aTenant());
    const attempt = (token: string) => authenticateDirectory(visitorOf(directory.tenant), token);
    for (let tries = 0; tries < 100; tries += 1) await attempt("portalscim_x").catch(() => undefined);
    const before = await rowsOf(directory.tenant);
    await expect(attempt("portalscim_x")).rejects.toMatchObject({ code: "rate_limited" });
    expect(await rowsOf(directory.tenant)).toEqual(before);
    expect((await attempt(directory.token)).directory.connectionId).toBe(directory.connectionId);
  });

  test("has an allowance of its own, and says when to come back", async () => {
    const tenant = await aTenant();
    const [busy, other] = [await aDirectory(tenant), await aDirectory(tenant)];
    await clock.stop();
    expect((await say(busy, "GET /Users?count=0")).status).toBe(200);
    await owner()`update rate_limits set whole_at = portal_now() + interval '1 hour'
      where tenant_id = ${tenant.id} and key like 'scim:%'`;
    const answer = await say(busy, "GET /Users?count=0");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await say(other, "GET /Users?count=0")).status).toBe(200);
  });
});

describe("a token of a directory opens nothing else (SEC82):", () => {
  const others = declaredUseCases().filter(({ permission }) => !["anyone", "directory"].includes(permission));

  test.each(others.map((useCase) => [useCase.name, useCase] as const))("not %s", async (name, useCase) => {
    const { ctx } = await context();
    const run = (await import(/* @vite-ignore */ resolve(useCase.module)))[name];
    await expect(run(ctx, crypto.randomUUID())).rejects.toMatchObject({ code: /unauthenticated|forbidden/ });
  });

  let shared: Promise<{ ctx: Context }> | undefined;
  const context = () => {
    shared ??= aTenant().then(async (tenant) => {
      const { token } = await aDirectory(tenant);
      return { ctx: await authenticateDirectory(visitorOf(tenant), token) };
    });
    return shared;
  };

  test("not the REST API, and an API token does not speak for a directory", async () => {
    const directory = await aDirectory(await aTenant());
    const { actor } = await authenticateApiToken(visitorOf(directory.tenant), directory.token);
    expect(actor).toBeUndefined();
    const token = newScimToken().token.replace("portalscim_", "portal_");
    expect((await refusedBy({ ...directory, token }, "GET /Users")).status).toBe(401);
  });
});

describe("who gives tokens out:", () => {
  test("nobody without sso:manage, and no program (INC11)", async () => {
    const tenant = await aTenant();
    const directory = await aDirectory(tenant);
    const without = actingWith(tenant, ...everything.filter((one) => one !== "sso:manage"));
    expect(await refused(tenant, () => generateScimToken(without, wish(directory)))).toMatchObject({
      reason: "needs_sso:manage",
    });
    const ctx = administratorOf(tenant);
    const program = { ...ctx, actor: { ...ctx.actor, byApiToken: true } };
    expect(await refused(tenant, () => generateScimToken(program, wish(directory)))).toMatchObject({
      reason: "not_in_person",
    });
    const [row] = await owner()`select id from scim_tokens where tenant_id = ${tenant.id}`;
    expect(await refused(tenant, () => revokeScimToken(program, { tokenId: row?.id }))).toMatchObject({
      reason: "not_in_person",
    });
  });

  test("not for a connection of another firm, nor for one that is retired", async () => {
    const tenant = await aTenant();
    const own = await aDirectory(tenant);
    const foreign = await aDirectory(await aTenant());
    const ctx = administratorOf(tenant);
    expect(await refused(tenant, () => generateScimToken(ctx, wish(foreign)))).toMatchObject({
      code: "not_found",
    });
    await owner()`update connections set state = 'retired' where id = ${own.connectionId}`;
    expect(await refused(tenant, () => generateScimToken(ctx, wish(own)))).toMatchObject({
      code: "not_found",
    });
    const [row] = await owner()`select id from scim_tokens where tenant_id = ${foreign.tenant.id}`;
    expect(await refused(foreign.tenant, () => revokeScimToken(ctx, { tokenId: row?.id }))).toMatchObject({
      code: "not_found",
    });
  });
});

describe("a token of one firm reaches nothing of another (A1, SEC58):", () => {
  test("whatever id, and whatever host", async () => {
    const [own, foreign] = [await aDirectory(await aTenant()), await aDirectory(await aTenant())];
    const user = await aUserOf(foreign);
    const member = await aMember(foreign.tenant);
    const group = (await say(foreign, "POST /Groups", { body: { displayName: "Theirs" } })).json;
    const before = await rowsOf(foreign.tenant, (table) => !["scim_requests", "rate_limits"].includes(table));
    for (const id of [user.id, member.id, foreign.connectionId, user.externalId, user.userName]) {
      for (const line of [`GET /Users/${id}`, `DELETE /Users/${id}`, `GET /Groups/${id}`]) {
        expect((await say(own, line)).status).toBe(404);
      }
      expect((await say(own, `PUT /Users/${id}`, { body: aUser() })).status).toBe(404);
    }
    expect((await say(own, `DELETE /Groups/${group.id}`)).status).toBe(404);
    expect((await say(own, "GET /Users")).json.totalResults).toBe(0);
    const there = await say(own, `GET /Users/${user.id}`, { at: foreign.tenant });
    expect(there.status).toBe(401);
    const after = await rowsOf(foreign.tenant, (table) => !["scim_requests", "rate_limits"].includes(table));
    delete before.audit_events;
    delete before.refusal_windows;
    delete after.audit_events;
    delete after.refusal_windows;
    expect(after).toEqual(before);
  });
});
