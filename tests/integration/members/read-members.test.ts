import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { getMemberProfile } from "#lib/members/get-member-profile.ts";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { breakMail } from "#tests/support/mail-server.ts";
import { withOptions } from "#tests/support/options.ts";
import { refused } from "#tests/support/records.ts";
import { askForMail } from "#tests/support/recovery.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const namesOf = ({ people }: { people: { name: string }[] }) => people.map(({ name }) => name);

describe("the list of members (DEC11, 000-06)", () => {
  test("has the firm's staff by name, and neither contacts nor another firm's people", async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    await aMember(tenant, { name: "Zoe" });
    await aMember(tenant, { name: "Ann", status: "disabled" });
    await aMember(tenant, { name: "Carl", kind: "contact" });
    await aMember(other, { name: "Bob" });
    const { people, total } = await listMembers(actingWith(tenant, "members:read"), {});
    expect(people.map(({ name, status }) => [name, status])).toEqual([
      ["Ann", "disabled"],
      ["Zoe", "enabled"],
    ]);
    expect(total).toBe(2);
  });

  test("carries no hash", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { password: GOOD_PASSWORD });
    const listed = await listMembers(actingWith(tenant, "members:read"), {});
    expect(JSON.stringify(listed)).not.toMatch(/argon2|hash/);
  });

  test("says where each one's access stands", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { name: "1", password: GOOD_PASSWORD });
    await aMember(tenant, { name: "2" });
    await aMember(tenant, { name: "3", federated: true });
    const { people } = await listMembers(actingWith(tenant, "members:read"), {});
    expect(people.map(({ access }) => access?.state)).toEqual(["active", "never_invited", "sso"]);
  });
});

describe("the list of contacts (DEC11, 000-06, D5)", () => {
  test("has each contact with the clients, the last login, and no staff", async () => {
    const tenant = await aTenant();
    const ann = await aMember(tenant, { kind: "contact", name: "Ann" });
    await aMember(tenant, { name: "Sue" });
    await aMember(await aTenant(), { kind: "contact" });
    await aClient(tenant, [ann], "Second");
    await aClient(tenant, [ann], "First");
    const { people } = await listContacts(actingWith(tenant, "clients:read"), {});
    expect(people).toMatchObject([
      { name: "Ann", clients: [{ name: "First" }, { name: "Second" }], lastSignInAt: null },
    ]);
  });

  test.each([
    ["whole for whoever looks after contacts", ["clients:read", "clients:manage"], "ann@mail.example"],
    ["masked for whoever only reads", ["clients:read"], "a***@m***.example"],
  ] as [string, Permission[], string][])("shows addresses %s", async (_, permissions, shown) => {
    const tenant = await aTenant();
    const address = "ann@mail.example";
    await aMember(tenant, { kind: "contact", email: address, username: address });
    const listed = await listContacts(actingWith(tenant, ...permissions), {});
    expect(listed.people[0]?.address).toBe(shown);
    expect(JSON.stringify(listed).includes(address)).toBe(shown === address);
  });

  test("says what became of each one's last credentials mail, whether it left or bounced (K4)", async () => {
    const tenant = await aTenant();
    const ann = await aMember(tenant, {
      kind: "contact",
      name: "Ann",
      username: "ann",
      password: GOOD_PASSWORD,
    });
    await aMember(tenant, { kind: "contact", name: "Ben", username: "ben", password: GOOD_PASSWORD });
    await aMember(tenant, { kind: "contact", name: "Cay" });
    await askForMail(tenant, ann.username);
    breakMail({ at: "recipient", code: 550 });
    await askForMail(tenant, "ben").catch(() => deliveredMail(tenant));
    const { people } = await listContacts(actingWith(tenant, "clients:read"), {});
    expect(people.map(({ mail }) => mail?.state)).toEqual(["sent", "bounced", undefined]);
  });
});

describe.each([
  ["members", "staff", listMembers, ["members:read"]],
  ["contacts", "contact", listContacts, ["clients:read", "clients:manage"]],
] as [string, "staff" | "contact", typeof listMembers, Permission[]][])(
  "the list of %s",
  (_, kind, list, permissions) => {
    const read = (tenant: Tenant, wish: unknown) => list(actingWith(tenant, ...permissions), wish);

    test("shows a hundred people a page; the next one goes on after the last of them, also within one name", async () => {
      const tenant = await aTenant();
      await owner()`
        insert into members (tenant_id, kind, name, username, username_key, security_group_id)
        select ${tenant.id}, ${kind}, 'Same Name', 'u' || n, 'u' || n,
               (select id from security_groups where tenant_id = ${tenant.id} and preset = ${kind === "staff" ? "regular" : "contact"})
          from generate_series(1, 205) n`;
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 3; page += 1) {
        const { people, next, total } = await read(tenant, { after });
        expect(total).toBe(205);
        seen.push(...people.map(({ id }) => id));
        after = next;
      }
      expect(after).toBeUndefined();
      expect(seen).toHaveLength(205);
      expect(new Set(seen).size).toBe(205);
    });

    test("finds people by the beginning of a name, of a last name, of a username or of an address", async () => {
      const tenant = await aTenant();
      const person = (name: string, username: string, email: string) =>
        aMember(tenant, { kind, name, username, email });
      await person("Maria Silva", "msilva", "maria@one.example");
      await person("Silvan Roth", "sroth", "roth@two.example");
      await person("Ola Nord", "ola", "nord@three.example");
      const found = async (q: string) => namesOf(await read(tenant, { q }));
      expect(await found("silva")).toEqual(["Maria Silva", "Silvan Roth"]);
      expect(await found(" SROTH ")).toEqual(["Silvan Roth"]);
      expect(await found("nord@th")).toEqual(["Ola Nord"]);
      expect(await found("aria")).toEqual([]);
    });

    test.each(["%", "_", "\\", "'; drop table members; --", "%'"])(
      "takes %s for what it is and for no pattern",
      async (q) => {
        const tenant = await aTenant();
        await aMember(tenant, { kind, name: "Ann" });
        expect(namesOf(await read(tenant, { q }))).toEqual([]);
      },
    );

    test("takes what makes no sense for no wish", async () => {
      const tenant = await aTenant();
      await aMember(tenant, { kind, name: "Ann" });
      for (const wish of [undefined, null, "x", { q: ["a", "b"] }, { after: "nobody" }]) {
        expect(namesOf(await read(tenant, wish))).toEqual(["Ann"]);
      }
      expect(namesOf(await read(tenant, { q: "x".repeat(300) })), "which nobody is found by").toEqual([]);
      expect(namesOf(await read(tenant, { q: "\0a\0nn" })), "a text that PostgreSQL does not know").toEqual([
        "Ann",
      ]);
      expect(namesOf(await read(tenant, { after: crypto.randomUUID() }))).toEqual([]);
    });
  },
);

test("addresses that are shown masked cannot be found out by searching", async () => {
  const tenant = await aTenant();
  const email = "hidden@mail.example";
  await aMember(tenant, { kind: "contact", name: "Ann", email, username: email });
  const reader = actingWith(tenant, "clients:read");
  expect(namesOf(await listContacts(reader, { q: "hidden" }))).toEqual([]);
  expect(namesOf(await listContacts(reader, { q: "ann" }))).toEqual(["Ann"]);
});

describe("the record of a person", () => {
  const mayAll: Permission[] = ["members:read", "clients:read", "contacts:reset", "members:reset"];

  test.each([
    ["staff", "members:read", "clients:read"],
    ["contact", "clients:read", "members:read"],
  ] as const)("of %s is for whoever has %s, and does not exist for others", async (kind, right, wrong) => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind, name: "Ann" });
    expect(await getMemberProfile(actingWith(tenant, right), member.id)).toMatchObject({ name: "Ann" });
    for (const ctx of [actingWith(tenant, wrong), actingAs(tenant, member, "workspaces:enter")]) {
      const error = await refused(tenant, () => getMemberProfile(ctx, member.id));
      expect(error).toMatchObject({ code: "not_found", status: 404 });
    }
  });

  test("does not exist for another firm's person or nobody (SEC58)", async () => {
    const tenant = await aTenant();
    const stranger = await aMember(await aTenant());
    for (const id of [stranger.id, crypto.randomUUID(), "1", ""]) {
      const attempt = () => getMemberProfile(actingWith(tenant, ...mayAll), id);
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
    }
  });

  test("says what Resend Credentials would send: by what the person has, and the firm's way (D2)", async () => {
    const tenant = await aTenant();
    const fresh = await aMember(tenant, { kind: "contact" });
    const begun = await aMember(tenant, { kind: "contact", password: GOOD_PASSWORD });
    const sends = async (id: string) => (await getMemberProfile(actingWith(tenant, ...mayAll), id)).resend;
    expect(await sends(fresh.id)).toEqual({ sends: "invitation" });
    expect(await sends(begun.id)).toEqual({ sends: "reset-password" });
    await withOptions(tenant, { recoveryProfile: "temporary_password" });
    expect(await sends(begun.id)).toEqual({ sends: "temporary-password" });
  });

  test("says why nothing can be sent, and nothing of it to whoever may not send", async () => {
    const tenant = await aTenant();
    const disabled = await aMember(tenant, { kind: "contact", status: "disabled" });
    const profile = (...permissions: Permission[]) =>
      getMemberProfile(actingWith(tenant, ...permissions), disabled.id);
    expect((await profile(...mayAll)).resend).toEqual({ obstacle: expect.stringContaining("disabled") });
    expect((await profile("clients:read")).resend).toBeUndefined();
    const staff = await aMember(tenant);
    const reader = actingWith(tenant, "members:read", "contacts:reset");
    expect((await getMemberProfile(reader, staff.id)).resend).toBeUndefined();
  });

  test("says when the last mail went and names the exact reason of a lock or a freeze", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { kind: "contact", username: "robin", password: GOOD_PASSWORD });
    await askForMail(tenant);
    const read = () => getMemberProfile(actingWith(tenant, ...mayAll), member.id);
    expect((await read()).mail).toMatch(/^Reset link sent on /);
    await owner()`
      insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
      values (${tenant.id}, ${member.id}, 'source:198.51.100.9', 12, portal_now())`;
    expect((await read()).access).toMatchObject({ state: "locked", remedy: "unlock" });
    expect((await read()).access?.reason).toContain("198.51.100.9");
    await alter(tenant, member, { frozenAt: new Date() });
    expect((await read()).access).toMatchObject({ state: "frozen", remedy: "unfreeze" });
  });
});

describe("Password & Security of a member", () => {
  const may = "members:manage";

  test("offers staff the groups of staff, and a contact those of contacts", async () => {
    const tenant = await aTenant();
    const [staff, contact] = [await aMember(tenant), await aMember(tenant, { kind: "contact" })];
    const offered = async (id: string) =>
      (await getMemberSecurity(actingWith(tenant, may), id)).groups.map(({ name }) => name);
    expect(await offered(staff.id)).toEqual([
      "Administrator",
      "Regular User",
      "Regular User (No Delete)",
      "Read Only User",
      "Orchestration User",
    ]);
    expect(await offered(contact.id)).toEqual(["Client Contact"]);
  });

  test("does not exist for a federated member, another firm's or nobody (004-02, SEC58)", async () => {
    const tenant = await aTenant();
    const federated = await aMember(tenant, { federated: true });
    const stranger = await aMember(await aTenant());
    for (const id of [federated.id, stranger.id, crypto.randomUUID(), "1", "'; drop table members", ""]) {
      const attempt = () => getMemberSecurity(actingWith(tenant, may), id);
      expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found", status: 404 });
    }
  });

  test("has the section for setting a password only where the firm and the reader's own group allow it (X1, B8)", async () => {
    const tenant = await aTenant();
    const reader = await aMember(tenant, { group: "read_only" });
    const contact = await aMember(tenant, { kind: "contact" });
    const held: Permission[] = [
      may,
      "members:set_password",
      "workspaces:enter",
      "clients:read",
      "reports:read",
    ];
    const offers = async (id: string, ...permissions: Permission[]) =>
      (await getMemberSecurity(actingAs(tenant, reader, ...permissions), id)).newPassword !== undefined;
    const colleague = await aMember(tenant, { group: "read_only" });
    const administrator = await aMember(tenant);
    expect(await offers(colleague.id, ...held)).toBe(true);
    expect(await offers(colleague.id, may)).toBe(false);
    expect(await offers(reader.id, ...held)).toBe(false);
    expect(await offers(administrator.id, ...held)).toBe(false);
    expect(await offers(contact.id, ...held)).toBe(false);
    await withOptions(tenant, { administratorsSetStaff: false, administratorsSetContacts: true });
    expect(await offers(colleague.id, ...held)).toBe(false);
    expect(await offers(contact.id, ...held)).toBe(true);
  });
});
