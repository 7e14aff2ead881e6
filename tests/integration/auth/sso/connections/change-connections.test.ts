import { describe, expect, test } from "vitest";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { changeConnection } from "#lib/auth/sso/connections/change-connection.ts";
import { createConnection } from "#lib/auth/sso/connections/create-connection.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { listConnections } from "#lib/auth/sso/connections/list-connections.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant, groupOf } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

async function firm() {
  const tenant = await aTenant();
  return { tenant, ctx: actingWith(tenant, ...everything) };
}

const entra = { kind: "oidc", name: "Entra ID", provider: "entra" };

const formOf = (
  { id, name, version }: { id: string; name: string; version: number },
  change: object = {},
) => ({
  ...{ connectionId: id, name, version, firstSignIn: "link", defaultGroupId: "" },
  ...change,
});

describe("a firm's administrators connect their identity provider themselves (004-02, G3)", () => {
  test("a new connection is a draft that signs nobody in, and is recorded", async () => {
    const { tenant, ctx } = await firm();
    const { id } = await createConnection(ctx, entra);
    const { connection, draft, serving } = await getConnection(ctx, id);
    expect(connection).toMatchObject({ name: "Entra ID", kind: "oidc", provider: "entra", state: "draft" });
    expect({ draft, serving }).toEqual({ draft: undefined, serving: undefined });
    expect(await auditOf(tenant)).toMatchObject([
      { event: "connection.created", targetId: id, detail: { kind: "oidc", name: "Entra ID" } },
    ]);
  });

  test("what is entered at the provider is told before anything comes back from it", async () => {
    const { tenant, ctx } = await firm();
    const { id } = await createConnection(ctx, entra);
    const { values } = await getConnection(ctx, id);
    expect(values).toMatchObject({
      kind: "oidc",
      redirectUri: `http://${tenant.slug}.portal.localhost:3000/api/auth/callback/${id}`,
    });
  });

  test("two connections cannot share a name, whatever its case", async () => {
    const { tenant, ctx } = await firm();
    await createConnection(ctx, entra);
    const error = await refused(tenant, () => createConnection(ctx, { ...entra, name: "ENTRA id" }));
    expect(error).toMatchObject({ code: "conflict", fieldErrors: { name: [expect.any(String)] } });
    const other = await createConnection(ctx, { ...entra, name: "Another" });
    const renamed = () => changeConnection(ctx, formOf(other, { name: "entra ID" }));
    expect(await refused(tenant, renamed)).toMatchObject({ code: "conflict" });
  });

  test.each([
    ["a kind that nobody speaks", { kind: "ldap" }],
    ["no name", { name: " " }],
    ["an unknown provider", { provider: "somebody" }],
  ])("%s is refused", async (_, change) => {
    const { tenant, ctx } = await firm();
    const error = await refused(tenant, () => createConnection(ctx, { ...entra, ...change }));
    expect(error).toMatchObject({ code: "invalid" });
  });

  test("each firm sees its own: another's is not found, and nothing of it changes", async () => {
    const { ctx } = await firm();
    const connection = await createConnection(ctx, entra);
    const stranger = await firm();
    expect(await listConnections(stranger.ctx)).toEqual([]);
    const attempts = [
      () => getConnection(stranger.ctx, connection.id),
      () => changeConnection(stranger.ctx, formOf(connection, { name: "Mine" })),
    ];
    for (const attempt of attempts) {
      expect(await refused(stranger.tenant, attempt)).toMatchObject({ code: "not_found" });
    }
    expect((await getConnection(ctx, connection.id)).connection.name).toBe("Entra ID");
  });
});

describe("whom a connection lets in is changed by whoever may, and recorded:", () => {
  test("the first sign-in, the default group, and whether proven domains are enough", async () => {
    const { tenant, ctx } = await firm();
    const connection = await createConnection(ctx, entra);
    const defaultGroupId = await groupOf(tenant, "read_only");
    const change = { firstSignIn: "create", defaultGroupId, trustsDomains: "on" };
    await changeConnection(ctx, formOf(connection, change));
    expect((await getConnection(ctx, connection.id)).connection).toMatchObject({
      ...{ firstSignIn: "create", defaultGroupId, trustsDomains: true },
    });
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "connection.changed",
      detail: { firstSignIn: "create", defaultGroup: defaultGroupId, trustsDomains: true },
    });
  });

  test("saving what is saved already records nothing", async () => {
    const { tenant, ctx } = await firm();
    await changeConnection(ctx, formOf(await createConnection(ctx, entra)));
    expect(await auditOf(tenant)).toHaveLength(1);
  });

  test("answers that nobody asked for are a matter of SAML alone (G8)", async () => {
    const { ctx } = await firm();
    const oidc = await createConnection(ctx, entra);
    const saml = await createConnection(ctx, { kind: "saml", name: "SAML" });
    for (const one of [oidc, saml]) await changeConnection(ctx, formOf(one, { allowsUnsolicited: "on" }));
    const allows = async (id: string) => (await getConnection(ctx, id)).connection.allowsUnsolicited;
    expect([await allows(oidc.id), await allows(saml.id)]).toEqual([false, true]);
  });

  test("of two who change it at once the second is told what the first has saved (E6)", async () => {
    const { tenant, ctx } = await firm();
    const connection = await createConnection(ctx, entra);
    await changeConnection(ctx, formOf(connection, { firstSignIn: "refuse" }));
    const late = () => changeConnection(ctx, formOf(connection, { name: "Azure" }));
    expect(await refused(tenant, late)).toMatchObject({
      code: "conflict",
      version: connection.version + 1,
      fieldErrors: { firstSignIn: ["Saved meanwhile: Refuse"] },
    });
  });

  test("a group above the ceiling is no default: everybody the provider knows would have it (G7)", async () => {
    const { tenant, ctx } = await firm();
    const connection = await createConnection(ctx, entra);
    const change = { defaultGroupId: await groupOf(tenant, "administrator") };
    const error = await refused(tenant, () => changeConnection(ctx, formOf(connection, change)));
    expect(error).toMatchObject({ code: "invalid", fieldErrors: { defaultGroupId: [expect.any(String)] } });
  });

  test("nobody makes a group the default that holds more than they do (SEC60)", async () => {
    const { tenant, ctx } = await firm();
    const connection = await createConnection(ctx, entra);
    const little = actingWith(tenant, "sso:manage");
    const change = { defaultGroupId: await groupOf(tenant, "read_only") };
    const error = await refused(tenant, () => changeConnection(little, formOf(connection, change)));
    expect(error).toMatchObject({ code: "forbidden", reason: "does_not_hold_workspaces:enter" });
  });

  test("a group of another firm does not exist", async () => {
    const { tenant, ctx } = await firm();
    const connection = await createConnection(ctx, entra);
    const defaultGroupId = await groupOf(await aTenant(), "read_only");
    const error = await refused(tenant, () => changeConnection(ctx, formOf(connection, { defaultGroupId })));
    expect(error).toMatchObject({ code: "not_found" });
  });
});

test("the list says how many people sign in by each, and which has a draft", async () => {
  const { tenant, ctx } = await firm();
  await aMember(tenant, { federated: true });
  const [connection] = await listConnections(ctx);
  expect(connection).toMatchObject({ people: 1, domains: [], hasDraft: false });
});
