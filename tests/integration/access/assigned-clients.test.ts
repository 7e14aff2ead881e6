import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { listMemberEvents } from "#lib/audit/list-member-events.ts";
import { forgetMemberBrowsers } from "#lib/auth/device/forget-member-browsers.ts";
import { unfreezeAccount } from "#lib/auth/freeze/unfreeze-account.ts";
import { unlockMember } from "#lib/auth/lock/unlock-member.ts";
import { getMemberFactors } from "#lib/auth/lost-device/get-member-factors.ts";
import { resetFactors } from "#lib/auth/lost-device/reset-factors.ts";
import { stopFactorReset } from "#lib/auth/lost-device/stop-factor-reset.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import { sendReset } from "#lib/auth/reset/send-reset.ts";
import { undoReset } from "#lib/auth/reset/undo-reset.ts";
import { endMemberSession } from "#lib/auth/session/end-member-session.ts";
import { endMemberSessions } from "#lib/auth/session/end-member-sessions.ts";
import { listMemberSessions } from "#lib/auth/session/list-member-sessions.ts";
import { startSession } from "#lib/auth/session/start-session.ts";
import { unlinkMember } from "#lib/auth/sso/unlink-member.ts";
import { addContact } from "#lib/clients/add-contact.ts";
import { assignStaff } from "#lib/clients/assign-staff.ts";
import { changeClient } from "#lib/clients/change-client.ts";
import { deleteClient } from "#lib/clients/delete-client.ts";
import { describeClientDeletion } from "#lib/clients/describe-client-deletion.ts";
import { findContactCandidates } from "#lib/clients/find-contact-candidates.ts";
import { findStaffCandidates } from "#lib/clients/find-staff-candidates.ts";
import { getClient } from "#lib/clients/get-client.ts";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { listClients } from "#lib/clients/list-clients.ts";
import { removeContact } from "#lib/clients/remove-contact.ts";
import { restoreClient } from "#lib/clients/restore-client.ts";
import { unassignStaff } from "#lib/clients/unassign-staff.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { changeMember } from "#lib/members/change-member.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { createMember } from "#lib/members/create-member-account.ts";
import { cancelBatch } from "#lib/members/credentials/cancel-batch.ts";
import { confirmBatch } from "#lib/members/credentials/confirm-batch.ts";
import { exportBatchResults } from "#lib/members/credentials/export-batch-results.ts";
import { getBatch } from "#lib/members/credentials/get-batch.ts";
import { prepareBatch } from "#lib/members/credentials/prepare-batch.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import { eraseMember } from "#lib/members/erase-member.ts";
import { explainSignIn } from "#lib/members/explain-sign-in.ts";
import { exportMemberData } from "#lib/members/export-member-data.ts";
import type { Member } from "#lib/members/find-member.ts";
import { getDeletedMember } from "#lib/members/get-deleted-member.ts";
import { getMemberKind } from "#lib/members/get-member-kind.ts";
import { getMemberProfile } from "#lib/members/get-member-profile.ts";
import { getMemberRecord } from "#lib/members/get-member-record.ts";
import { getMemberSecurity } from "#lib/members/get-member-security.ts";
import { extendInvitation } from "#lib/members/invitations/extend-invitation.ts";
import { revokeInvitation } from "#lib/members/invitations/revoke-invitation.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { approveAddress } from "#lib/members/recovery/approve-address.ts";
import { declineRequest } from "#lib/members/recovery/decline-request.ts";
import { findCandidates } from "#lib/members/recovery/find-candidates.ts";
import { getRequest } from "#lib/members/recovery/get-request.ts";
import { listRequests } from "#lib/members/recovery/list-requests.ts";
import { openAddressRequest } from "#lib/members/recovery/open-address-request.ts";
import { proposeAddress } from "#lib/members/recovery/propose-address.ts";
import { withdrawProposal } from "#lib/members/recovery/withdraw-proposal.ts";
import { restoreMember } from "#lib/members/restore-member.ts";
import { setAccess } from "#lib/members/set-access.ts";
import { accessReport } from "#lib/reports/access-report.ts";
import { exportAccessReport } from "#lib/reports/export-access-report.ts";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";
import { rowsOfBatch, TO_CONTACTS } from "#tests/support/batches.ts";
import { assignedTo, EVERYTHING } from "#tests/support/clients.ts";
import { actingAs, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { withTotp } from "#tests/support/factors.ts";
import { federate } from "#tests/support/federate.ts";
import { askForHelp, shownOf } from "#tests/support/help.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { refused } from "#tests/support/records.ts";
import {
  aClient,
  alter,
  aMember,
  aTenant,
  GOOD_PASSWORD,
  groupOf,
  OTHER_PASSWORD,
} from "#tests/support/tenants.ts";
import { declaredUseCases } from "#tests/support/use-cases.ts";

type World = Awaited<ReturnType<typeof world>>;
type Side = World["seen"];

/** Nora, whose security group sees assigned clients only, has one of two clients, each with a contact; Ada sees all. */
async function world() {
  const tenant = await withOptions(await aTenant(), { administratorsSetContacts: true });
  const ada = actingAs(tenant, await aMember(tenant, { name: "Ada" }), ...EVERYTHING);
  const side = async (name: string) => {
    const contact = await aMember(tenant, {
      kind: "contact",
      name: `${name} Contact`,
      username: `${name.toLowerCase()}-contact`,
      password: GOOD_PASSWORD,
    });
    const fresh = await aMember(tenant, { kind: "contact", name: `${name} Fresh` });
    return { contact, fresh, client: await aClient(tenant, [contact, fresh], `${name} Client`) };
  };
  const [seen, unseen] = [await side("Seen"), await side("Hidden")];
  const elsewhere = await aMember(tenant, { kind: "contact", name: "Elsewhere" });
  const second = await aClient(tenant, [elsewhere], "Second");
  const colleague = await aMember(tenant, { group: "read_only", name: "Tom" });
  return {
    ...{ tenant, ada, seen, unseen, second, elsewhere, colleague },
    nora: await assignedTo(tenant, [seen.client, second]),
  };
}

type Attempt = () => Promise<unknown>;

/** Gives the attempt, after whatever has to be there before it. */
type Prepared = (all: World, side: Side) => Attempt | Promise<Attempt>;

const NEW_ADDRESS = "new@mail.example";

const onPeople: Record<string, Prepared> = {
  getMemberProfile:
    ({ nora }, { contact }) =>
    () =>
      getMemberProfile(nora, contact.id),
  getMemberRecord:
    ({ nora }, { contact }) =>
    () =>
      getMemberRecord(nora, { memberId: contact.id, kind: "contact" }),
  getMemberSecurity:
    ({ nora }, { contact }) =>
    () =>
      getMemberSecurity(nora, contact.id),
  listMemberEvents:
    ({ nora }, { contact }) =>
    () =>
      listMemberEvents(nora, { memberId: contact.id, after: undefined }),
  explainSignIn:
    ({ nora }, { contact }) =>
    () =>
      explainSignIn(nora, contact.id),
  changeMember:
    ({ nora }, { contact: { id, username, email } }) =>
    () =>
      changeMember(nora, { memberId: id, name: "Another", username, email }),
  changeMemberSecurity: async ({ nora, tenant }, { contact }) => {
    const securityGroupId = await groupOf(tenant, "contact");
    return () => changeMemberSecurity(nora, { memberId: contact.id, securityGroupId, status: "disabled" });
  },
  setAccess:
    ({ nora }, { contact }) =>
    () =>
      setAccess(nora, { memberId: contact.id, status: "disabled" }),
  deleteMember:
    ({ nora }, { contact }) =>
    () =>
      deleteMember(nora, { memberId: contact.id }),
  restoreMember: afterDeletion((nora, memberId) => restoreMember(nora, { memberId })),
  getDeletedMember: afterDeletion((nora, memberId) => getDeletedMember(nora, memberId)),
  eraseMember: afterDeletion((nora, memberId) => eraseMember(nora, { memberId })),
  exportMemberData:
    ({ nora }, { contact }) =>
    () =>
      exportMemberData(nora, { memberId: contact.id }),
  setPassword:
    ({ nora }, { contact }) =>
    () =>
      setPassword(nora, {
        memberId: contact.id,
        tick: "on",
        newPassword: OTHER_PASSWORD,
        confirmPassword: OTHER_PASSWORD,
      }),
  listMemberSessions:
    ({ nora }, { contact }) =>
    () =>
      listMemberSessions(nora, contact.id),
  endMemberSession: async ({ nora, tenant }, { contact }) => {
    const sessionId = await aSessionOf(tenant, contact);
    return () => endMemberSession(nora, { memberId: contact.id, sessionId });
  },
  endMemberSessions:
    ({ nora }, { contact }) =>
    () =>
      endMemberSessions(nora, { memberId: contact.id }),
  forgetMemberBrowsers:
    ({ nora }, { contact }) =>
    () =>
      forgetMemberBrowsers(nora, { memberId: contact.id }),
  getMemberFactors:
    ({ nora }, { contact }) =>
    () =>
      getMemberFactors(nora, contact.id),
  resetFactors: async ({ nora, tenant }, { contact }) => {
    await withTotp(tenant, contact);
    return () => resetFactors(nora, { memberId: contact.id, reason: "Lost on a train" });
  },
  stopFactorReset: async ({ nora, tenant }, { contact }) => {
    await owner()`insert into factor_resets (tenant_id, member_id, status, source, held_until)
      values (${tenant.id}, ${contact.id}, 'held', 's', portal_now() + interval '1 day')`;
    return () => stopFactorReset(nora, { memberId: contact.id });
  },
  unlinkMember: async ({ nora }, { contact }) => {
    await federate(owner(), [contact.id]);
    return () => unlinkMember(nora, { memberId: contact.id });
  },
  unlockMember:
    ({ nora }, { contact }) =>
    () =>
      unlockMember(nora, { memberId: contact.id }),
  unfreezeAccount: async ({ nora, tenant }, { contact }) => {
    await alter(tenant, contact, { frozenAt: new Date() });
    return () => unfreezeAccount(nora, { memberId: contact.id });
  },
  sendReset:
    ({ nora }, { contact }) =>
    () =>
      sendReset(nora, { memberId: contact.id }),
  undoReset: async ({ nora, ada, tenant }, { contact }) => {
    await aMember(tenant, { kind: "contact", name: contact.name });
    const { undo } = await sendReset(ada, { memberId: contact.id });
    return () => undoReset(nora, { emailId: undo?.emailId });
  },
  resendCredentials:
    ({ nora }, { contact }) =>
    () =>
      resendCredentials(nora, { memberId: contact.id }),
  extendInvitation: afterInvitation((nora, memberId) => extendInvitation(nora, { memberId })),
  revokeInvitation: afterInvitation((nora, memberId) => revokeInvitation(nora, { memberId })),
};

const onBatches: Record<string, Prepared> = {
  getBatch: withBatch((nora, batchId) => getBatch(nora, { id: batchId })),
  confirmBatch: withBatch((nora, batchId) => confirmBatch(nora, { batchId })),
  cancelBatch: withBatch((nora, batchId) => cancelBatch(nora, { batchId })),
  exportBatchResults: withBatch((nora, batchId) => exportBatchResults(nora, { batchId })),
  prepareBatch:
    ({ nora }, { contact }) =>
    () =>
      prepareBatch(nora, { ...TO_CONTACTS, memberIds: [contact.id] }),
};

const onRequests: Record<string, Prepared> = {
  getRequest: withRequest((nora, requestId) => getRequest(nora, requestId)),
  declineRequest: withRequest((nora, requestId) => declineRequest(nora, { requestId, reason: "No" })),
  proposeAddress: withRequest((nora, requestId, { contact }) =>
    proposeAddress(nora, { requestId, memberId: contact.id, newEmail: NEW_ADDRESS }),
  ),
  "proposeAddress to a request of nobody known": async ({ nora, tenant }, { contact }) => {
    const requestId = await askForHelp(tenant, "nobody-by-this-name");
    return () => proposeAddress(nora, { requestId, memberId: contact.id, newEmail: NEW_ADDRESS });
  },
  openAddressRequest:
    ({ nora }, { contact }) =>
    () =>
      openAddressRequest(nora, { memberId: contact.id }),
  approveAddress: async (all, side) => {
    const shown = await shownOf(await proposed(all, side));
    return () => approveAddress(all.nora, shown);
  },
  withdrawProposal: async (all, side) => {
    const requestId = await proposed(all, side);
    await owner()`update recovery_requests set proposed_by = ${all.nora.actor.memberId} where id = ${requestId}`;
    return () => withdrawProposal(all.nora, { requestId });
  },
};

const onClients: Record<string, Prepared> = {
  getClient:
    ({ nora }, { client }) =>
    () =>
      getClient(nora, client.id),
  getClientContacts:
    ({ nora }, { client }) =>
    () =>
      getClientContacts(nora, { clientId: client.id }),
  getWorkspace:
    ({ nora }, { client }) =>
    () =>
      getWorkspace(nora, { workspaceId: client.workspaceId }),
  changeClient:
    ({ nora }, { client }) =>
    () =>
      changeClient(nora, { clientId: client.id, name: "Mine" }),
  describeClientDeletion:
    ({ nora }, { client }) =>
    () =>
      describeClientDeletion(nora, client.id),
  deleteClient:
    ({ nora }, { client }) =>
    () =>
      deleteClient(nora, { clientId: client.id }),
  restoreClient: async ({ nora, ada }, { client }) => {
    await deleteClient(ada, { clientId: client.id });
    return () => restoreClient(nora, { clientId: client.id });
  },
  findContactCandidates:
    ({ nora }, { client }) =>
    () =>
      findContactCandidates(nora, { clientId: client.id, q: "else" }),
  findStaffCandidates:
    ({ nora }, { client }) =>
    () =>
      findStaffCandidates(nora, { clientId: client.id }),
  addContact:
    ({ nora, elsewhere }, { client }) =>
    () =>
      addContact(nora, { clientId: client.id, memberId: elsewhere.id }),
  "addContact of another client's contact":
    ({ nora, second }, { contact }) =>
    () =>
      addContact(nora, { clientId: second.id, memberId: contact.id }),
  removeContact:
    ({ nora }, { client, contact }) =>
    () =>
      removeContact(nora, { clientId: client.id, memberId: contact.id }),
  assignStaff:
    ({ nora, colleague }, { client }) =>
    () =>
      assignStaff(nora, { clientId: client.id, memberId: colleague.id }),
  unassignStaff: async ({ nora, ada, colleague }, { client }) => {
    await assignStaff(ada, { clientId: client.id, memberId: colleague.id });
    return () => unassignStaff(nora, { clientId: client.id, memberId: colleague.id });
  },
  createMember:
    ({ nora }, { client }) =>
    () =>
      createMember(nora, {
        kind: "contact",
        name: "New",
        email: NEW_ADDRESS,
        clientIds: [client.id],
      }),
};

/** Where what is not seen is one of several that are chosen, the choice is refused as one of nobody or nothing is. */
const REFUSED_AS: Record<string, string> = { prepareBatch: "invalid", createMember: "invalid" };

const TABLE = Object.entries({ ...onPeople, ...onBatches, ...onRequests, ...onClients });

function afterDeletion(act: (nora: MemberContext, memberId: string) => Promise<unknown>): Prepared {
  return async ({ nora, ada }, { contact }) => {
    await deleteMember(ada, { memberId: contact.id });
    return () => act(nora, contact.id);
  };
}

/** A session of somebody, begun behind the product's back. Gives its id. */
async function aSessionOf(tenant: Tenant, { id: memberId }: Member): Promise<string> {
  const now = await withTenant(tenant.id, async (_db, moment) => moment);
  const begun = { memberId, method: "password", proofs: ["password"], duties: [] } as const;
  const started = await withTenant(tenant.id, (db) => startSession(db, { ...visitorOf(tenant), now }, begun));
  return started.sessionId;
}

function afterInvitation(act: (nora: MemberContext, memberId: string) => Promise<unknown>): Prepared {
  return async ({ nora, ada, tenant }, { fresh }) => {
    await resendCredentials(ada, { memberId: fresh.id });
    await deliveredMail(tenant);
    return () => act(nora, fresh.id);
  };
}

function withBatch(act: (nora: MemberContext, batchId: string) => Promise<unknown>): Prepared {
  return async ({ nora, ada, elsewhere }, { contact }) => {
    const { id } = await prepareBatch(ada, { ...TO_CONTACTS, memberIds: [contact.id, elsewhere.id] });
    return () => act(nora, id);
  };
}

function withRequest(
  act: (nora: MemberContext, requestId: string, side: Side) => Promise<unknown>,
): Prepared {
  return async ({ nora, tenant }, side) => {
    const requestId = await askForHelp(tenant, side.contact.username);
    return () => act(nora, requestId, side);
  };
}

/** Ada enters another address for somebody. Gives the id of the request. */
async function proposed({ ada, tenant }: World, { contact }: Side): Promise<string> {
  const requestId = await askForHelp(tenant, contact.username);
  await proposeAddress(ada, { requestId, memberId: contact.id, newEmail: NEW_ADDRESS });
  return requestId;
}

describe.each(TABLE)("%s by staff who see assigned clients only (E7, A8)", (name, prepare) => {
  test("works for a client that they are assigned to, and its contacts", async () => {
    const all = await world();
    const attempt = await prepare(all, all.seen);
    expect(await attempt()).toBeDefined();
  });

  test("finds nothing of another client, and writes nothing", async () => {
    const all = await world();
    const attempt = await prepare(all, all.unseen);
    expect(await refused(all.tenant, attempt)).toMatchObject({ code: REFUSED_AS[name] ?? "not_found" });
  });
});

describe("whoever sees assigned clients only (E7)", () => {
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name).sort();
  const SEEN = ["Elsewhere", "Seen Contact", "Seen Fresh"];

  test("lists these clients and workspaces, and their contacts", async () => {
    const { nora } = await world();
    const { clients } = await listClients(nora, {});
    expect(names(clients)).toEqual(["Second", "Seen Client"]);
    const listed = await listContacts(nora, {});
    expect([names(listed.people), listed.total]).toEqual([SEEN, 3]);
    expect((await listContacts(nora, { q: "hidden" })).people).toEqual([]);
  });

  test("learns of nobody's kind, and of no client beside them that a contact also belongs to", async () => {
    const { nora, ada, seen, unseen } = await world();
    expect(await getMemberKind(nora, seen.contact.id)).toBe("contact");
    expect(await getMemberKind(nora, unseen.contact.id)).toBeUndefined();
    await addContact(ada, { clientId: unseen.client.id, memberId: seen.contact.id });
    expect(names((await getMemberProfile(nora, seen.contact.id)).clients)).toEqual(["Seen Client"]);
    const report = await accessReport(nora, { q: "Hidden Client" });
    expect(report.rows).toEqual([]);
    expect((await accessReport(nora, { client: unseen.client.id })).client).toBeUndefined();
    expect((await accessReport(nora, { client: unseen.client.id })).rows).toEqual([]);
  });

  test("reads a report and takes away a table of nobody else's contacts", async () => {
    const { nora } = await world();
    const report = await accessReport(nora, { kind: "contact" });
    expect([names(report.rows), report.total]).toEqual([SEEN, 3]);
    const { pieces } = await exportAccessReport(nora, { filters: {}, byteOrderMark: false });
    const csv = (await Array.fromAsync(pieces)).join("");
    expect(csv).toContain("Seen Contact");
    expect(csv).not.toContain("Hidden");
  });

  test("prepares a batch of nobody else's contacts, whether all are chosen or some are ticked", async () => {
    const { nora, seen, unseen } = await world();
    const all = await prepareBatch(nora, { ...TO_CONTACTS, everybody: "on" });
    expect(names([...(await rowsOfBatch(all.id))])).toEqual(SEEN);
    const memberIds = [seen.contact.id, unseen.contact.id];
    const ticked = await prepareBatch(nora, { ...TO_CONTACTS, memberIds });
    expect(names([...(await rowsOfBatch(ticked.id))])).toEqual(["Seen Contact"]);
  });

  test("sends no batch to whoever they are not assigned to any more", async () => {
    const { tenant, nora, ada, seen } = await world();
    const { id } = await prepareBatch(nora, { ...TO_CONTACTS, everybody: "on" });
    await unassignStaff(ada, { clientId: seen.client.id, memberId: nora.actor.memberId });
    const attempt = () => confirmBatch(nora, { batchId: id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test("finds nobody else's contacts among those who ask for help, or could have", async () => {
    const { tenant, nora, seen, unseen } = await world();
    await askForHelp(tenant, seen.contact.username);
    await askForHelp(tenant, unseen.contact.username);
    const { requests } = await listRequests(nora, {});
    expect(requests.map(({ memberName }) => memberName)).toEqual(["Seen Contact"]);
    expect(names(await findCandidates(nora, "contact"))).toEqual(["Seen Contact"]);
  });

  test("finds only these contacts to add to a client", async () => {
    const { nora, second } = await world();
    const find = async (q: string) =>
      names((await findContactCandidates(nora, { clientId: second.id, q })).people);
    expect(await find("contact")).toEqual(["Seen Contact"]);
    expect(await find("hidden")).toEqual([]);
  });

  test("cannot assign themselves to another client", async () => {
    const { tenant, nora, unseen } = await world();
    const attempt = () => assignStaff(nora, { clientId: unseen.client.id, memberId: nora.actor.memberId });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });

  test("sees nothing of a client from the moment on that the assignment ends", async () => {
    const { tenant, nora, ada, seen } = await world();
    await unassignStaff(ada, { clientId: seen.client.id, memberId: nora.actor.memberId });
    expect(await refused(tenant, () => getClient(nora, seen.client.id))).toMatchObject({ code: "not_found" });
    expect(await refused(tenant, () => getMemberProfile(nora, seen.contact.id))).toMatchObject({
      code: "not_found",
    });
  });

  test("sees the contacts of a deleted client no more", async () => {
    const { tenant, nora, ada, seen } = await world();
    await deleteClient(ada, { clientId: seen.client.id });
    const attempt = () => sendReset(nora, { memberId: seen.contact.id });
    expect(await refused(tenant, attempt)).toMatchObject({ code: "not_found" });
  });
});

/** Use cases that name a person or a client and need no line above, and why. */
const BESIDE: Record<string, string> = {
  ...{ createClient: "there is no client yet", listClients: "a list", listRequests: "a list" },
  ...{ getMemberKind: "answers with nothing", uploadImport: "chooses among clients that are seen" },
  ...{ exportEvents: "the log", nextEvents: "the log", previewGroupChange: "of a group" },
  ...{ simulateSecurityOptions: "of the firm as a whole, in numbers" },
  ...{ listApiTokens: "of staff", revokeApiToken: "of staff", generateApiToken: "of staff" },
  ...{ getApiToken: "of staff", findApiToken: "of staff" },
  ...{ proposeBreakGlass: "of staff", armBreakGlass: "of staff", stopBreakGlass: "of staff" },
  ...{ listBreakGlass: "of staff", describeBreakGlassAlarm: "of staff" },
  ...{
    enforceSso: "of the firm as a whole",
    linkAccount: "one's own account",
    getTestResult: "one's own test",
  },
  ...{ sendSetupLink: "to somebody outside the firm", generateScimToken: "for a directory" },
};

test("every use case by which staff reach a person or a client stands in the table, or is in a closed list", () => {
  const own =
    /^(describeNotices|changeOwnPassword|describePasswordRules|hasOwnPassword|listMyWorkspaces|listOwnSessions|stopOwnFactorReset|endOneSession|endOwnSessions|forgetOwnBrowsers?)$/;
  const named = declaredUseCases()
    .filter(({ permission }) => !["anyone", "pending", "directory", "system"].includes(permission))
    // What is one's own, and reaches nobody else.
    .filter(({ module }) => !/lib\/(members\/own|firms|auth\/(mfa|passkey|step-up))\//.test(module))
    .filter(({ module }) =>
      /(member|client|request|batch|email)Id\b|(Member|Client)Input/.test(readFileSync(module, "utf8")),
    )
    .map(({ name }) => name);
  const known = [...TABLE.map(([name]) => name), ...Object.keys(BESIDE)];
  expect(named.filter((name) => !known.includes(name) && !own.test(name))).toEqual([]);
});
