import { describe, expect, test } from "vitest";
import { describeRecovery } from "#lib/auth/reset/describe-recovery.ts";
import type { Tenant } from "#lib/core/context.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { dump } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const maskFor = async (tenant: Tenant, identifier: string) =>
  (await describeRecovery(visitorOf(tenant), identifier)).maskedAddress;

describe("where the mail would go (B5, X2)", () => {
  test("is shown masked for a known username", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin", email: "jane.doe@accounting.example.com" });
    expect(await maskFor(tenant, "robin")).toBe("j***@a***.com");
  });

  test("is masked as typed for an address, known or not", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { email: "known@mail.example" });
    expect(await maskFor(tenant, "Known@mail.example")).toBe("k***@m***.example");
    expect(await maskFor(tenant, "nobody@mail.example")).toBe("n***@m***.example");
  });

  test("is a mask like any other for an unknown name, the same each time, another in another firm", async () => {
    const [one, other] = [await aTenant(), await aTenant()];
    const names = ["nobody", "sam", "x9", "\u00e4nne", "a b c", "\uff20"];
    for (const name of names) {
      const mask = await maskFor(one, name);
      expect(mask).toMatch(/^[^*@]\*\*\*@[a-z]\*\*\*\.[a-z]{2,3}$/);
      expect(await maskFor(one, name)).toBe(mask);
    }
    const masks = async (tenant: Tenant) => Promise.all(names.map((name) => maskFor(tenant, name)));
    expect(await masks(other)).not.toEqual(await masks(one));
  });

  test("is the same for a disabled and a federated account as for any", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "off", email: "off@mail.example", status: "disabled" });
    await aMember(tenant, { username: "sso", email: "sso@mail.example", federated: true });
    expect(await maskFor(tenant, "off")).toBe("o***@m***.example");
    expect(await maskFor(tenant, "sso")).toBe("s***@m***.example");
  });

  test("costs the same statements for every name, and leaves no trace", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { username: "robin" });
    await maskFor(tenant, "warm-up");
    const before = await dump();
    const first = await statementsOf(() => maskFor(tenant, "robin"));
    const others: string[][] = [];
    for (const name of ["nobody", "no@body.example", "\uff20"]) {
      others.push(await statementsOf(() => maskFor(tenant, name)));
    }
    for (const other of others) expect(other).toEqual(first);
    expect(await dump()).toBe(before);
  });
});
