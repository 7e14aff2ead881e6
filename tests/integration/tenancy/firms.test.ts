import { describe, expect, test } from "vitest";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { createTenant } from "#lib/tenancy/create-tenant.ts";
import { findTenant } from "#lib/tenancy/find-tenant.ts";
import { foundFirm } from "#lib/tenancy/found-firm.ts";
import { changeTenantStatus, listTenants } from "#lib/tenancy/manage-tenants.ts";
import { signIn, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { oneMail } from "#tests/support/mail.ts";
import { auditOf, dump } from "#tests/support/records.ts";
import { aTenant, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const firm = (changes: Partial<Parameters<typeof foundFirm>[0]> = {}) => ({
  slug: "northwind",
  name: "Northwind",
  adminEmail: "Boss@northwind.example",
  ...changes,
});

describe("a firm that is founded", () => {
  test("has the groups of every firm, one Administrator and an invitation that works", async () => {
    await foundFirm(firm());
    const tenant = await findTenant("northwind");
    if (!tenant) throw new Error("The firm was not found.");
    const groups = await owner()`
      select name, preset from security_groups where tenant_id = ${tenant.id} order by position`;
    expect(groups.map(({ name }) => name)).toEqual([
      "Administrator",
      "Regular User",
      "Regular User (No Delete)",
      "Read Only User",
      "Orchestration User",
      "Client Contact",
    ]);
    expect(await auditOf(tenant)).toMatchObject([
      { event: "firm.created", actorKind: "operator", targetId: tenant.id },
      { event: "member.invited", actorKind: "operator" },
    ]);

    const mail = await oneMail(tenant);
    expect(mail.to).toEqual(["boss@northwind.example"]);
    const input = { token: mail.token, newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD };
    expect(await acceptInvitation(visitorOf(tenant), input)).toMatchObject({ outcome: "accepted" });
    expect((await signIn(tenant, "boss@northwind.example", OTHER_PASSWORD)).kind).toBe("full");
  });

  test("is founded once, of ten that are founded at the same moment under one slug", async () => {
    const attempts = Array.from({ length: 10 }, () => foundFirm(firm({ slug: "contested" })));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "conflict" });
    }
    expect((await listTenants()).filter(({ slug }) => slug === "contested")).toHaveLength(1);
  });
});

describe("a firm is founded whole or not at all:", () => {
  test.each([
    ["a taken slug", { slug: "taken" }, "conflict", "slug"],
    ["a reserved slug (SEC61)", { slug: "admin" }, "invalid", "slug"],
    ["a slug that is no name of a host", { slug: "a.b" }, "invalid", "slug"],
    ["no name", { slug: "fresh", name: "  " }, "invalid", "name"],
    ["a name of two lines (SEC86)", { slug: "fresh", name: "A\r\nBcc: b@c.example" }, "invalid", "name"],
    ["a name of 121 characters", { slug: "fresh", name: "a".repeat(121) }, "invalid", "name"],
    ["an address that is none", { slug: "fresh", adminEmail: "nobody" }, "invalid", "email"],
    [
      "an address with a second one in it (INC5)",
      { slug: "fresh", adminEmail: "a@b.example,c@d.example" },
      "invalid",
      "email",
    ],
  ])("not with %s", async (_, changes, code, field) => {
    if (!(await findTenant("taken")))
      await createTenant({ slug: "taken", name: "Taken" }, async () => undefined);
    const before = await dump();
    const error = await foundFirm(firm(changes)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(Object.keys((error as { fieldErrors: object }).fieldErrors)).toEqual([field]);
    expect(await dump()).toBe(before);
  });

  test("not when something breaks on the way", async () => {
    const before = await dump();
    const broken = createTenant({ slug: "broken", name: "Broken" }, async () => {
      throw new Error("out of order");
    });
    await expect(broken).rejects.toThrow("out of order");
    expect(await dump()).toBe(before);
  });
});

describe("the firm of a slug (SEC55)", () => {
  test("is found by exactly this slug", async () => {
    const tenant = await aTenant();
    expect(await findTenant(tenant.slug)).toMatchObject({ id: tenant.id });
    for (const slug of [
      tenant.slug.toUpperCase(),
      ` ${tenant.slug}`,
      `${tenant.slug}.`,
      "%",
      "",
      "' or 1=1 --",
    ]) {
      expect(await findTenant(slug)).toBeUndefined();
    }
  });

  test("that is disabled is like one that never was, until it is enabled", async () => {
    const tenant = await aTenant();
    await changeTenantStatus(tenant.slug, "disabled");
    expect(await findTenant(tenant.slug)).toBeUndefined();
    expect((await listTenants()).find(({ id }) => id === tenant.id)?.status).toBe("disabled");
    await changeTenantStatus(tenant.slug, "enabled");
    expect(await findTenant(tenant.slug)).toMatchObject({ id: tenant.id });
    expect(await auditOf(tenant)).toMatchObject([
      { event: "firm.disabled", actorKind: "operator", targetId: tenant.id },
      { event: "firm.enabled", actorKind: "operator", targetId: tenant.id },
    ]);
  });

  test("that nobody has cannot be changed", async () => {
    const before = await dump();
    await expect(changeTenantStatus("nobody", "disabled")).rejects.toMatchObject({ code: "not_found" });
    expect(await dump()).toBe(before);
  });
});
