import { describe, expect, test } from "vitest";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

describe("the list of members (DEC11)", () => {
  test("has the firm's staff by name, and neither contacts nor another firm's people", async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    await aMember(tenant, { name: "Zoe" });
    await aMember(tenant, { name: "Ann", status: "disabled" });
    await aMember(tenant, { name: "Carl", kind: "contact" });
    await aMember(other, { name: "Bob" });
    const listed = await listMembers(actingWith(tenant, "members:read"));
    expect(listed.map(({ name, status }) => [name, status])).toEqual([
      ["Ann", "disabled"],
      ["Zoe", "enabled"],
    ]);
  });

  test("carries no hash", async () => {
    const tenant = await aTenant();
    await aMember(tenant, { password: GOOD_PASSWORD });
    expect(JSON.stringify(await listMembers(actingWith(tenant, "members:read")))).not.toMatch(/argon2|hash/);
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
});
