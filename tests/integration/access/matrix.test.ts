import { resolve } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { securityGroups } from "#db/schema/groups.ts";
import { members } from "#db/schema/members.ts";
import { withTenant } from "#db/tenant.ts";
import { GROUP_PRESETS, PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { contextOf, signIn } from "#tests/support/contexts.ts";
import { auditOf, contentsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";
import { type DeclaredUseCase, declaredUseCases } from "#tests/support/use-cases.ts";

type UseCase = (ctx: Context, input: unknown) => Promise<unknown>;

type Person = { kind: "staff" | "contact"; holds: readonly Permission[]; permissions?: Permission[] };

const useCases = declaredUseCases();
const staff = GROUP_PRESETS.filter(({ preset }) => preset !== "contact");

/** Everybody who may ask: each security group that a firm begins with, a Custom one, a contact, and a program. */
const PEOPLE: Record<string, Person & { preset?: (typeof staff)[number]["preset"]; token?: boolean }> = {
  ...Object.fromEntries(
    staff.map(({ name, preset, permissions }) => [name, { kind: "staff", preset, holds: permissions }]),
  ),
  "Custom, from nothing": { kind: "staff", permissions: [], holds: [] },
  "Custom, with one permission": { kind: "staff", permissions: ["clients:read"], holds: ["clients:read"] },
  "a contact": { kind: "contact", holds: ["workspaces:enter"] },
  "a contact in a group of everything": {
    kind: "contact",
    permissions: Object.keys(PERMISSIONS) as Permission[],
    holds: ["workspaces:enter"],
  },
  "an API token of an Administrator": {
    kind: "staff",
    preset: "administrator",
    token: true,
    holds: Object.keys(PERMISSIONS) as Permission[],
  },
};

/** Why the catalogue refuses a use case to somebody who is signed in; undefined where it does not. */
function refusalOf({ permission }: DeclaredUseCase, { holds, token }: (typeof PEOPLE)[string]) {
  if (permission === "anyone" || permission === "member") return undefined;
  if (permission === "person") return token ? "not_in_person" : undefined;
  if (permission === "pending") return "no_pending_session";
  if (permission === "directory") return "no_directory";
  if (permission === "system") return "not_the_system";
  return holds.includes(permission as Permission) ? undefined : `needs_${permission}`;
}

describe.each(Object.entries(PEOPLE))("%s (E1, E7)", (_, person) => {
  let tenant: Tenant;
  let ctx: Context;
  let before: Awaited<ReturnType<typeof contentsOf>>;

  beforeAll(async () => {
    tenant = await aTenant();
    ctx = await contextFor(tenant, person);
    before = await contentsOf(tenant);
  });

  const refused = useCases.filter((useCase) => refusalOf(useCase, person) !== undefined);
  const allowed = useCases.filter((useCase) => refusalOf(useCase, person) === undefined);

  // What is refused comes first: what is allowed may write.
  test.each(refused.map((useCase) => [useCase.name, useCase] as const))(
    "is refused %s",
    async (name, useCase) => {
      const reason = refusalOf(useCase, person);
      const error = await outcomeOf(useCase, from(ctx, name));
      expect(error).toMatchObject({ reason });
      expect(await auditOf(tenant)).toContainEqual(
        expect.objectContaining({ event: `${useCase.event}.refused`, reason, source: name }),
      );
    },
  );

  test("and nothing of all that wrote anything but its refusal", async () => {
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test.each(allowed.map((useCase) => [useCase.name, useCase] as const))(
    "is not refused %s",
    async (name, useCase) => {
      const error = await outcomeOf(useCase, from(ctx, name));
      // What is open to every member may ask for more by whom or what it is about, and then names another permission.
      const refusals = ["not_in_person", "not_the_system", "not_signed_in", `needs_${useCase.permission}`];
      expect(refusals).not.toContain(error?.reason);
      expect(error?.code).not.toBe("unauthenticated");
    },
  );
});

/** By a session of its own, so that the permissions are those that the database holds. */
async function contextFor(tenant: Tenant, person: (typeof PEOPLE)[string]): Promise<Context> {
  const { kind, preset, permissions, token } = person;
  const member = await aMember(tenant, {
    kind,
    password: GOOD_PASSWORD,
    ...(preset && { group: preset }),
    ...(permissions && { permissions }),
  });
  const ctx = await contextOf(tenant, await signIn(tenant, member.username, GOOD_PASSWORD));
  if (!ctx.actor) throw new Error("There is no session.");
  return token ? { ...ctx, actor: { ...ctx.actor, byApiToken: true } } : ctx;
}

/** Each from another source: refusals of one source are counted together. */
const from = (ctx: Context, source: string): Context => ({ ...ctx, origin: { ...ctx.origin, source } });

async function outcomeOf({ module, name }: DeclaredUseCase, ctx: Context): Promise<DomainError | undefined> {
  const run = (await import(/* @vite-ignore */ resolve(module)))[name] as UseCase;
  const error = await run(ctx, crypto.randomUUID()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof DomainError ? error : undefined;
}

test("the groups of the matrix are those that a firm really has", async () => {
  const tenant = await aTenant();
  const { id } = await aMember(tenant);
  const rows = await withTenant(tenant.id, (db) => db.select().from(securityGroups));
  const expected = GROUP_PRESETS.map(({ name, permissions }) => [name, [...permissions].sort()]);
  expect(rows.map(({ name, permissions }) => [name, [...permissions].sort()]).sort()).toEqual(
    expected.sort(),
  );
  const [row] = await withTenant(tenant.id, (db) => db.select().from(members).where(eq(members.id, id)));
  expect(rows.find((group) => group.id === row?.securityGroupId)?.preset).toBe("administrator");
});
