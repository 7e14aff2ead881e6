import { expect, test } from "vitest";
import { describeRecovery } from "#lib/auth/reset/describe-recovery.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const maskOf = async (tenant: Awaited<ReturnType<typeof aTenant>>, name: string) =>
  (await describeRecovery(visitorOf(tenant), name)).maskedAddress;

test("a name that nobody has gets a mask of the firm's own kind, the same each time (B5, X2)", async () => {
  const firm = await aTenant();
  for (const name of ["ada", "ravi", "nora"])
    await aMember(firm, { username: name, email: `${name}@acme.example` });

  expect(await maskOf(firm, "ravi")).toBe("r***@a***.example");
  for (const name of ["rita", "zork", "nobody", "x9"]) {
    expect(await maskOf(firm, name)).toBe(`${name[0]}***@a***.example`);
    expect(await maskOf(firm, name)).toBe(await maskOf(firm, name));
  }
});

test("where addresses begin otherwise than usernames, so do the decoys (B5)", async () => {
  const firm = await aTenant();
  await aMember(firm, { username: "staff1", email: "meryem@acme.example" });

  expect(await maskOf(firm, "staff1")).toBe("m***@a***.example");
  expect(await maskOf(firm, "staff2")).toBe("m***@a***.example");
});
