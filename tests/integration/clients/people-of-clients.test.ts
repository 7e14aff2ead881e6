import { describe, expect, test } from "vitest";
import { addContact } from "#lib/clients/add-contact.ts";
import { assignStaff } from "#lib/clients/assign-staff.ts";
import { findContactCandidates } from "#lib/clients/find-contact-candidates.ts";
import { findStaffCandidates } from "#lib/clients/find-staff-candidates.ts";
import { getClient } from "#lib/clients/get-client.ts";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { removeContact } from "#lib/clients/remove-contact.ts";
import { unassignStaff } from "#lib/clients/unassign-staff.ts";
import { getMemberProfile } from "#lib/members/get-member-profile.ts";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";
import { assignedTo } from "#tests/support/clients.ts";
import { actingAs, actingWith } from "#tests/support/contexts.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aClient, alter, aMember, aTenant } from "#tests/support/tenants.ts";

async function firm() {
  const tenant = await aTenant();
  const ann = await aMember(tenant, { kind: "contact", name: "Ann", email: "ann@mail.example" });
  const first = await aClient(tenant, [ann], "First");
  const second = await aClient(tenant, [], "Second");
  const ada = actingWith(tenant, "clients:read", "clients:manage", "workspaces:enter");
  return { tenant, ann, first, second, ada };
}

describe("a contact of several clients (001-03, 000-06)", () => {
  test("is added to another client, enters its workspace too, and stands in both lists (002-05)", async () => {
    const { tenant, ann, first, second, ada } = await firm();
    await addContact(ada, { clientId: second.id, memberId: ann.id });
    const { contacts } = await getClientContacts(ada, { clientId: second.id });
    expect(contacts).toMatchObject([{ name: "Ann", clients: [{ id: first.id }, { id: second.id }] }]);
    expect(
      await getWorkspace(actingAs(tenant, ann, "workspaces:enter"), { workspaceId: second.workspaceId }),
    ).toMatchObject({
      clientName: "Second",
    });
    expect(await auditOf(tenant)).toMatchObject([
      { event: "client_contact.added", targetId: second.id, detail: { member: ann.id } },
    ]);
  });

  test("is not added twice", async () => {
    const { tenant, ann, first, ada } = await firm();
    const attempt = () => addContact(ada, { clientId: first.id, memberId: ann.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "conflict" });
  });

  test("is removed from one: the account stays, and the workspace is not found any more", async () => {
    const { tenant, ann, first, ada } = await firm();
    await removeContact(ada, { clientId: first.id, memberId: ann.id });
    expect((await getClientContacts(ada, { clientId: first.id })).contacts).toEqual([]);
    expect(await getMemberProfile(ada, ann.id)).toMatchObject({ name: "Ann", clients: [] });
    const attempt = () =>
      getWorkspace(actingAs(tenant, ann, "workspaces:enter"), { workspaceId: first.workspaceId });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test("cannot be removed from a client whose contact they are not", async () => {
    const { tenant, ann, second, ada } = await firm();
    const attempt = () => removeContact(ada, { clientId: second.id, memberId: ann.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test("is nobody of the staff, nobody deleted, and nobody of another firm (SEC58)", async () => {
    const { tenant, ann, second, ada } = await firm();
    const staff = await aMember(tenant);
    const stranger = await aMember(await aTenant(), { kind: "contact" });
    await alter(tenant, ann, { status: "disabled", deletedAt: new Date() });
    for (const memberId of [staff.id, stranger.id, ann.id, crypto.randomUUID()]) {
      const error = await refused(tenant, () => addContact(ada, { clientId: second.id, memberId }));
      expect(error).toMatchObject({ code: "not_found" });
    }
  });

  test("is looked for by name and told from a namesake by address, client and last login (D5)", async () => {
    const { tenant, second, ada } = await firm();
    await aMember(tenant, { kind: "contact", name: "Ann", email: "other@mail.example" });
    const { people } = await findContactCandidates(ada, { clientId: second.id, q: "ann" });
    const told = people.map(({ address, clients }) => [address, clients.map(({ name }) => name)]);
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        ["ann@mail.example", ["First"]],
        ["other@mail.example", []],
      ]),
    );
  });

  test("is not offered where they are one already, and nobody is before something is typed", async () => {
    const { first, ada } = await firm();
    const find = async (q: string) => (await findContactCandidates(ada, { clientId: first.id, q })).people;
    expect(await find("ann")).toEqual([]);
    expect(await find("")).toEqual([]);
  });
});

describe("staff of a client (E7, A8)", () => {
  test("are assigned and see the client from then on", async () => {
    const { tenant, second, ada } = await firm();
    const nora = await assignedTo(tenant, []);
    expect(await refused(tenant, () => getClient(nora, second.id))).toMatchObject({ code: "not_found" });
    await assignStaff(ada, { clientId: second.id, memberId: nora.actor.memberId });
    expect((await getClient(nora, second.id)).staff).toEqual([
      { id: nora.actor.memberId, name: "Nora Lind", group: expect.stringContaining("Custom"), enabled: true },
    ]);
    expect((await auditOf(tenant)).at(-1)).toMatchObject({
      event: "client_staff.assigned",
      targetId: second.id,
      detail: { member: nora.actor.memberId },
    });
  });

  test("are not assigned twice, and not taken off where they are not assigned", async () => {
    const { tenant, first, second, ada } = await firm();
    const nora = await assignedTo(tenant, [first]);
    const memberId = nora.actor.memberId;
    const again = await refused(tenant, () => assignStaff(ada, { clientId: first.id, memberId }));
    expect(again).toMatchObject({ code: "conflict" });
    const absent = await refused(tenant, () => unassignStaff(ada, { clientId: second.id, memberId }));
    expect(absent).toMatchObject({ code: "not_found" });
  });

  test("are no contacts, and nobody of another firm (SEC58)", async () => {
    const { tenant, ann, second, ada } = await firm();
    const stranger = await aMember(await aTenant());
    for (const memberId of [ann.id, stranger.id, crypto.randomUUID()]) {
      const error = await refused(tenant, () => assignStaff(ada, { clientId: second.id, memberId }));
      expect(error).toMatchObject({ code: "not_found" });
    }
  });

  test("are offered by name without their addresses, those who are enabled and not assigned", async () => {
    const { tenant, first, ada } = await firm();
    await assignedTo(tenant, [first]);
    await aMember(tenant, { name: "Tom Becker", group: "read_only", email: "tom@staff.example" });
    await aMember(tenant, { name: "Tom Gone", status: "disabled" });
    const found = await findStaffCandidates(ada, { clientId: first.id, q: "" });
    expect(found.map(({ name, group }) => [name, group])).toEqual([["Tom Becker", "Read Only User"]]);
    expect(JSON.stringify(found)).not.toContain("tom@");
    expect(await findStaffCandidates(ada, { clientId: first.id, q: "nora" })).toEqual([]);
  });
});
