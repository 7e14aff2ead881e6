import { describe, expect, test } from "vitest";
import { MINUTE } from "#lib/core/clock.ts";
import { declineRequest } from "#lib/members/recovery/decline-request.ts";
import { findCandidates } from "#lib/members/recovery/find-candidates.ts";
import { getRequest } from "#lib/members/recovery/get-request.ts";
import { listRequests } from "#lib/members/recovery/list-requests.ts";
import { requestHelp } from "#lib/members/recovery/request-help.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import {
  anAdministrator,
  askForHelp,
  OLD_ADDRESS,
  requestOf,
  someoneWithoutMailbox,
} from "#tests/support/help.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { changed, freezeBy } from "#tests/support/notices.ts";
import { auditOf, refusalsOf, refused } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

describe("whoever cannot read the mailbox asks the firm (000-04, 001-15, 003-01, B12)", () => {
  test("and stands in its queue, with the account that the name belongs to", async () => {
    const { tenant, ada, member, requestId } = await someoneWithoutMailbox();
    expect((await listRequests(ada, {})).requests).toMatchObject([
      { id: requestId, status: "open", origin: "no_mailbox", memberName: member.name },
    ]);
    expect(await getRequest(ada, requestId)).toMatchObject({
      request: { typedName: "robin", reachableAt: "+44 20 7946 0000", source: "203.0.113.7" },
      member: { id: member.id },
      others: 1,
      isOwn: false,
    });
    expect(await auditOf(tenant)).toMatchObject([
      {
        event: "recovery.requested",
        actorKind: "visitor",
        targetId: member.id,
        detail: { request: requestId },
      },
    ]);
  });

  test("with a name that nobody has: an administrator looks for the person", async () => {
    const tenant = await aTenant();
    const ada = await anAdministrator(tenant, "Ada Morgan");
    const member = await aMember(tenant, { kind: "contact", name: "Robin Example", username: "rex" });
    const requestId = await askForHelp(tenant, "robin, from accounting");
    const { member: known } = await getRequest(ada, requestId);
    expect(known).toBeUndefined();
    for (const text of ["robin", "EXAMPLE", " rex ", member.email ?? ""]) {
      const found = await findCandidates(ada, text);
      expect(
        found.map(({ id }) => id),
        text,
      ).toContain(member.id);
    }
    for (const text of ["", "%", "_", "\\", "nobody"]) expect(await findCandidates(ada, text)).toEqual([]);
  });

  test("and nothing else happens: no mail, no change of the account", async () => {
    const { tenant, requestId } = await someoneWithoutMailbox();
    expect(await outboxOf(tenant)).toEqual([]);
    expect(await requestOf(requestId)).toMatchObject({ status: "open", new_email: null });
  });

  test("once: who asks again is moved up, with the newest way to be reached", async () => {
    const { tenant, ada, member, requestId } = await someoneWithoutMailbox();
    const unknown = await askForHelp(tenant, "Somebody Else", "198.51.100.1");
    await clock.travel(MINUTE);
    const again = { identifier: ` ${member.email?.toUpperCase()} `, reachableAt: "+44 1" };
    expect(await requestHelp(visitorOf(tenant), again)).toMatchObject({ requestId });
    expect(await askForHelp(tenant, " somebody ELSE")).toBe(unknown);
    const { requests } = await listRequests(ada, {});
    expect(requests.map(({ id }) => id)).toEqual([requestId, unknown]);
    const row = await requestOf(requestId);
    expect(row).toMatchObject({ reachable_at: "+44 1", member_id: member.id, status: "open" });
  });

  test("and once more when the request before is dealt with", async () => {
    const { tenant, ada, requestId } = await someoneWithoutMailbox();
    await declineRequest(ada, { requestId, reason: "No." });
    expect(await askForHelp(tenant, "robin")).not.toBe(requestId);
    expect(await requestOf(requestId)).toMatchObject({ status: "refused", closed_reason: "No." });
  });

  test("which is the same work, the first time and again, whoever has the name (B1)", async () => {
    const { tenant } = await someoneWithoutMailbox();
    const works: unknown[] = [];
    for (const name of ["robin", "nobody", "nobody"]) {
      works.push(await statementsOf(() => askForHelp(tenant, name, `198.51.100.${works.length}`)));
    }
    expect(works[1]).toEqual(works[0]);
    expect(works[2]).toEqual(works[0]);
  });
});

describe("a request is refused, and nothing is written:", () => {
  test.each([
    ["without a name", { identifier: " ", reachableAt: "+44" }, "identifier"],
    ["without a way to reach the person", { identifier: "robin", reachableAt: "" }, "reachableAt"],
    ["with 201 characters", { identifier: "robin", reachableAt: "1".repeat(201) }, "reachableAt"],
    ["with a line end", { identifier: "robin", reachableAt: "one\r\ntwo" }, "reachableAt"],
    ["with lists", { identifier: ["robin"], reachableAt: ["+44"] }, "identifier"],
  ])("%s", async (_, input, field) => {
    const tenant = await aTenant();
    const error = await refused(tenant, () => requestHelp(visitorOf(tenant), input));
    expect(error).toMatchObject({ code: "invalid" });
    expect(Object.keys(error.fieldErrors)).toContain(field);
  });

  test("the sixth of one source", async () => {
    const tenant = await aTenant();
    await clock.stop();
    for (let time = 0; time < 5; time += 1) await askForHelp(tenant, "robin");
    expect(await refused(tenant, () => askForHelp(tenant, "robin"))).toMatchObject({ code: "rate_limited" });
    expect(await refusalsOf(tenant, "recovery.requested")).toEqual(["too_many_recovery_requests"]);
    await askForHelp(tenant, "robin", "198.51.100.1");
    await clock.travel(10 * MINUTE);
    await askForHelp(tenant, "robin");
  });
});

const TWO_HUNDRED = Array.from({ length: 200 }, (_, index) => index);

test("two hundred made-up names keep nobody out who is known, and nobody hears of it (B1, B11)", {
  timeout: 60_000,
}, async () => {
  const { tenant, ada, requestId } = await someoneWithoutMailbox();
  await clock.stop();
  for (const time of TWO_HUNDRED) await askForHelp(tenant, `nobody ${time}`, `198.51.${time}.1`);
  const late = await askForHelp(tenant, "one too many", "192.0.2.1");
  expect(await requestOf(late)).toMatchObject({
    status: "refused",
    closed_reason: "too_many_recovery_requests",
  });
  expect((await auditOf(tenant)).at(-1)).toMatchObject({
    event: "recovery.requested",
    reason: "too_many_recovery_requests",
  });
  await aMember(tenant, { username: "rosa" });
  expect(await requestOf(await askForHelp(tenant, "rosa", "192.0.2.2"))).toMatchObject({ status: "open" });
  const first = await listRequests(ada, {});
  expect(first.requests.slice(0, 2).map(({ id }) => id)).toContain(requestId);
});

describe("the queue", () => {
  test("has first what is to be done: frozen accounts, known people, other names; each the newest first", async () => {
    const { tenant, ada, member, requestId } = await someoneWithoutMailbox();
    const done = await askForHelp(tenant, "done", "198.51.100.1");
    await declineRequest(ada, { requestId: done, reason: "No." });
    const { username } = await aMember(tenant, { kind: "contact" });
    await clock.travel(MINUTE);
    const known = await askForHelp(tenant, username, "198.51.100.2");
    const older = await askForHelp(tenant, "a stranger", "198.51.100.3");
    await clock.travel(MINUTE);
    const newer = await askForHelp(tenant, "another", "198.51.100.4");
    const { wayOut } = await changed(tenant, member);
    await freezeBy(tenant, wayOut);
    const { requests } = await listRequests(ada, {});
    expect(requests[0]).toMatchObject({ origin: "frozen" });
    expect(requests.slice(1).map(({ id }) => id)).toEqual([known, requestId, newer, older, done]);
  });

  test("is read a hundred at a time, each once", async () => {
    const { tenant, ada } = await someoneWithoutMailbox();
    await owner()`
      insert into recovery_requests (tenant_id, origin, typed_name, source, status)
      select ${tenant.id}, 'no_mailbox', n::text, 'test', case when n % 2 = 0 then 'open' else 'refused' end
        from generate_series(1, 249) n`;
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let after: string | undefined, turn = 0; turn === 0 || after; turn += 1) {
      const page = await listRequests(ada, { after });
      seen.push(...page.requests.map(({ id }) => id));
      sizes.push(page.requests.length);
      after = page.next;
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(new Set(seen).size).toBe(250);
  });

  test.each(["1", ["a", "b"], ""])("begins at its beginning for a place that is none: %s", async (after) => {
    const { ada } = await someoneWithoutMailbox();
    expect((await listRequests(ada, { after })).requests).toHaveLength(1);
  });
});

describe("whoever helps sees addresses as elsewhere:", () => {
  test.each([
    ["a contact's masked without clients:manage", "contact", ["members:read"], "clients:manage"],
    ["a member of the staff's masked without members:read", "staff", ["clients:manage"], "members:read"],
  ] as const)("%s, and not found by trying", async (_, kind, permissions, needed) => {
    const { tenant, member, requestId } = await someoneWithoutMailbox({ kind, username: OLD_ADDRESS });
    const helper = actingWith(tenant, "recovery:manage", ...permissions);
    const { member: shown } = await getRequest(helper, requestId);
    expect(shown).toMatchObject({ id: member.id, username: undefined, address: "r***@o***.example" });
    expect(JSON.stringify(shown)).not.toContain(OLD_ADDRESS);
    expect(await findCandidates(helper, OLD_ADDRESS.slice(0, -4))).toEqual([]);
    const byName = await findCandidates(helper, "Robin Ex");
    expect(byName.map(({ address }) => address)).toContain("r***@o***.example");
    const looker = actingWith(tenant, "recovery:manage", needed);
    expect((await getRequest(looker, requestId)).member).toMatchObject({ address: OLD_ADDRESS });
    expect(await findCandidates(looker, OLD_ADDRESS.slice(0, -4))).toMatchObject([
      { id: member.id, address: OLD_ADDRESS },
    ]);
  });
});

test("another firm sees nothing of it (SEC58)", async () => {
  const { requestId } = await someoneWithoutMailbox();
  const other = await aTenant();
  const administrator = await anAdministrator(other);
  expect((await listRequests(administrator, {})).requests).toEqual([]);
  expect(await refused(other, () => getRequest(administrator, requestId))).toMatchObject({
    code: "not_found",
  });
  expect(await findCandidates(administrator, OLD_ADDRESS)).toEqual([]);
});
