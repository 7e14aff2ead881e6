import { beforeEach, describe, expect, test } from "vitest";
import { findConnectionOfName, listSignInConnections } from "#lib/auth/sso/sign-in-connections.ts";
import type { Tenant } from "#lib/core/context.ts";
import { aLiveConnection, type LiveConnection, withDomain } from "#tests/support/connections.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { contentsOf } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let tenant: Tenant;
let connection: LiveConnection;

beforeEach(async () => {
  tenant = await aTenant();
  connection = await aLiveConnection(tenant, { name: "Firm Entra ID" });
  await withDomain(connection, "firm.example");
});

const leadsTo = async (name: string) => (await findConnectionOfName(visitorOf(tenant), name))?.connection.id;

describe("an address leads to the provider of its proven domain, and says nothing of who has it (A5, SEC11)", () => {
  test("whether or not anybody has it, whatever their account is like, by the same statements", async () => {
    await aMember(tenant, { email: "known@firm.example", password: GOOD_PASSWORD });
    await aMember(tenant, { email: "sso@firm.example", federated: true });
    await aMember(tenant, { email: "off@firm.example", status: "disabled" });
    const before = await contentsOf(tenant);
    const seen = new Set<string>();
    for (const name of ["known", "sso", "off", "nobody"]) {
      const statements = await statementsOf(async () => {
        expect(await leadsTo(`${name}@firm.example`)).toBe(connection.id);
      });
      seen.add(JSON.stringify(statements));
    }
    expect(seen.size).toBe(1);
    expect(await contentsOf(tenant)).toEqual(before);
  });

  test.each([
    ["a username", "ravi"],
    ["an address of a domain that nobody has proven", "ravi@elsewhere.example"],
    ["an address of a domain below", "ravi@mail.firm.example"],
    ["an address of a domain that only looks like it", "ravi@f\u0131rm.example"],
    ["what is no address", "ravi@firm.example@firm.example"],
    ["nothing", ""],
  ])("%s leads to the password", async (_, name) => {
    expect(await leadsTo(name)).toBeUndefined();
  });

  test.each(["draft", "testing", "retired"])("nor where the connection is %s", async (state) => {
    await owner()`update connections set state = ${state} where id = ${connection.id}`;
    expect(await leadsTo("ravi@firm.example")).toBeUndefined();
    expect(await listSignInConnections(visitorOf(tenant))).toEqual([]);
  });

  test("nor where the domain is said to be the firm's and not proven", async () => {
    await owner()`update connection_domains set proven_at = null where tenant_id = ${tenant.id}`;
    expect(await leadsTo("ravi@firm.example")).toBeUndefined();
  });

  test("nor at another firm, whose own provider alone it offers", async () => {
    const elsewhere = await aTenant();
    expect(await findConnectionOfName(visitorOf(elsewhere), "ravi@firm.example")).toBeUndefined();
    expect(await listSignInConnections(visitorOf(elsewhere))).toEqual([]);
    expect(await listSignInConnections(visitorOf(tenant))).toEqual([
      { id: connection.id, name: "Firm Entra ID" },
    ]);
  });
});
