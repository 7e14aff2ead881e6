import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import type { Context } from "#lib/core/context.ts";
import { actingAs, actingWith, pendingOf, visitorOf } from "#tests/support/contexts.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";
import { declaredUseCases } from "#tests/support/use-cases.ts";

type UseCase = (ctx: Context, input: unknown) => Promise<unknown>;

const everything = Object.keys(PERMISSIONS) as Permission[];
const all = declaredUseCases();
const guarded = all.filter(({ permission }) => permission in PERMISSIONS);
const forMembers = all.filter(({ permission }) => permission in PERMISSIONS || permission === "member");

async function load({ module, name }: { module: string; name: string }): Promise<UseCase> {
  return (await import(/* @vite-ignore */ resolve(module)))[name] as UseCase;
}

describe.each(forMembers.map((useCase) => [useCase.name, useCase] as const))("%s", (_, useCase) => {
  test.each([
    ["a visitor", visitorOf],
    ["somebody with a pending session (C7, B9)", pendingOf],
  ])("is refused to %s, which is recorded, and writes nothing else", async (_who, contextFor) => {
    const tenant = await aTenant();
    const run = await load(useCase);
    const error = await refused(tenant, () => run(contextFor(tenant), crypto.randomUUID()));
    expect(error).toMatchObject({ code: "unauthenticated", status: 401 });
    expect(await auditOf(tenant)).toMatchObject([
      { event: `${useCase.event}.refused`, reason: "not_signed_in", actorKind: "visitor" },
    ]);
  });
});

describe.each(guarded.map((useCase) => [useCase.name, useCase] as const))("%s", (_, useCase) => {
  test(`is refused to staff with every permission but ${useCase.permission}`, async () => {
    const tenant = await aTenant();
    const run = await load(useCase);
    const ctx = actingWith(tenant, ...everything.filter((one) => one !== useCase.permission));
    const error = await refused(tenant, () => run(ctx, crypto.randomUUID()));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(await auditOf(tenant)).toMatchObject([
      { event: `${useCase.event}.refused`, reason: `needs_${useCase.permission}`, actorKind: "member" },
    ]);
  });

  if (useCase.permission === "workspaces:enter") return;

  test("is refused to a contact, whatever the security group lists", async () => {
    const tenant = await aTenant();
    const run = await load(useCase);
    const contact = await aMember(tenant, { kind: "contact" });
    const error = await refused(tenant, () =>
      run(actingAs(tenant, contact, ...everything), crypto.randomUUID()),
    );
    expect(error).toMatchObject({ code: "forbidden" });
  });
});
