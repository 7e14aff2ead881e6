import type postgres from "postgres";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { nextEvents } from "#lib/audit/export-events.ts";
import type { AuditFilters } from "#lib/audit/input.ts";
import { listEvents } from "#lib/audit/list-events.ts";
import { listMemberEvents } from "#lib/audit/list-member-events.ts";
import { findTokenOwners } from "#lib/auth/api-tokens/find-token-owners.ts";
import { listApiTokens } from "#lib/auth/api-tokens/list-api-tokens.ts";
import { listPasskeys } from "#lib/auth/passkey/list-passkeys.ts";
import { listMemberSessions } from "#lib/auth/session/list-member-sessions.ts";
import { listOwnSessions } from "#lib/auth/session/list-own-sessions.ts";
import { listBreakGlass } from "#lib/auth/sso/break-glass/list-break-glass.ts";
import { listConnections } from "#lib/auth/sso/connections/list-connections.ts";
import { describeEnforcement } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { listSignInConnections } from "#lib/auth/sso/sign-in-connections.ts";
import { describeClientDeletion } from "#lib/clients/describe-client-deletion.ts";
import { findContactCandidates } from "#lib/clients/find-contact-candidates.ts";
import { findStaffCandidates } from "#lib/clients/find-staff-candidates.ts";
import { getClient } from "#lib/clients/get-client.ts";
import { getClientContacts } from "#lib/clients/get-client-contacts.ts";
import { listClients } from "#lib/clients/list-clients.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { listLinkedFirms } from "#lib/firms/list-linked-firms.ts";
import { listPlaces } from "#lib/firms/list-places.ts";
import { getGroup } from "#lib/groups/get-group.ts";
import { listGroups } from "#lib/groups/list-groups.ts";
import { listImports } from "#lib/imports/list-imports.ts";
import { readPiece } from "#lib/members/export-people.ts";
import { listInvitations } from "#lib/members/invitations/list-invitations.ts";
import { listContacts } from "#lib/members/list-contacts.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { PeopleFilters } from "#lib/members/page-of-members.ts";
import { readContacts } from "#lib/members/read-contacts.ts";
import { readMembers } from "#lib/members/read-members.ts";
import { findCandidates } from "#lib/members/recovery/find-candidates.ts";
import { listRequests } from "#lib/members/recovery/list-requests.ts";
import { accessReport } from "#lib/reports/access-report.ts";
import { nextAccessRows } from "#lib/reports/export-access-report.ts";
import { AccessFilters } from "#lib/reports/input.ts";
import { listDirectories } from "#lib/scim/list-directories.ts";
import { listSecurityOptionsVersions } from "#lib/settings/list-security-options-versions.ts";
import { getWorkspace } from "#lib/workspaces/get-workspace.ts";
import { listMyWorkspaces } from "#lib/workspaces/list-my-workspaces.ts";
import { actingAs } from "./contexts.ts";

/** Rows of a filled firm from the middle of it, as somebody meets them who has paged that far. */
export type Scene = {
  ctx: MemberContext;
  staff: { id: string; last: string };
  contact: { id: string; last: string; name: string; username: string };
  /** Somebody whose invitation stands in the middle of theirs. */
  invited: { last: string };
  client: FoundClient;
  event: { last: string };
};

/** A client with one of its contacts. */
export type FoundClient = { id: string; name: string; last: string; workspaceId: string; contact: string };

/** The last client by name, leaving one out if that is wished. */
export async function clientOf(owner: postgres.Sql, tenant: Tenant, but?: FoundClient): Promise<FoundClient> {
  const [found] = await owner`
    select c.id, c.name, w.id as workspace_id,
           (select min(member_id::text) from client_contacts l where l.tenant_id = c.tenant_id and l.client_id = c.id) as contact
      from clients c join workspaces w on w.tenant_id = c.tenant_id and w.client_id = c.id
     where c.tenant_id = ${tenant.id} and c.deleted_at is null and c.id is distinct from ${but?.id ?? null}
     order by c.name desc limit 1`;
  const { id, name, workspace_id: workspaceId, contact } = found ?? {};
  return { id, name, last: id, workspaceId, contact };
}

export async function sceneOf(owner: postgres.Sql, tenant: Tenant): Promise<Scene> {
  const [admin] = await owner`
    select m.* from members m join security_groups g on g.tenant_id = m.tenant_id and g.id = m.security_group_id
     where m.tenant_id = ${tenant.id} and g.preset = 'administrator' and m.status = 'enabled' limit 1`;
  const middle = async (kind: string) => {
    const [one] = await owner`
      select id, name, username from members where tenant_id = ${tenant.id} and kind = ${kind} and deleted_at is null
       order by name desc, id desc offset 120 limit 1`;
    return { id: one?.id, last: one?.id, name: one?.name, username: one?.username };
  };
  const client = await clientOf(owner, tenant);
  const [invited] = await owner`
    select id from members where tenant_id = ${tenant.id} and kind = 'contact' and invited and deleted_at is null
     order by name, id offset 20 limit 1`;
  const [event] = await owner`
    select id from audit_events where tenant_id = ${tenant.id} order by created_at, id offset 60 limit 1`;
  const member = { id: admin?.id, kind: "staff", name: admin?.name, username: admin?.username } as never;
  return {
    ctx: actingAs(tenant, member, ...(Object.keys(PERMISSIONS) as Permission[])),
    staff: await middle("staff"),
    contact: await middle("contact"),
    invited: { last: invited?.id },
    client,
    event: { last: event?.id },
  };
}

type Read = (scene: Scene) => Promise<unknown>;

const people = (filters: unknown) => PeopleFilters.parse(filters);
const events = (filters: Partial<AuditFilters>) => filters as AuditFilters;

/**
 * Every list, search, report and export of the product with the ways of asking for it. A use case that is missing here is
 * found by its name.
 */
export const LISTS: Record<string, Record<string, Read>> = {
  listMembers: {
    first: ({ ctx }) => listMembers(ctx, {}),
    "last page": ({ ctx, staff }) => listMembers(ctx, { after: staff.last }),
    "from the end": ({ ctx }) => listMembers(ctx, { sort: "-name" }),
    "by last sign-in": ({ ctx }) => listMembers(ctx, { sort: "login" }),
    "by last sign-in, newest": ({ ctx }) => listMembers(ctx, { sort: "-login" }),
    "by creation": ({ ctx }) => listMembers(ctx, { sort: "-created" }),
    "search of a name": ({ ctx }) => listMembers(ctx, { q: "maria smithson" }),
    "search of a letter": ({ ctx }) => listMembers(ctx, { q: "m" }),
    "search of nobody": ({ ctx }) => listMembers(ctx, { q: "nobody at all" }),
    disabled: ({ ctx }) => listMembers(ctx, { status: "disabled" }),
    "of a group": async ({ ctx }) => listMembers(ctx, { group: (await listGroups(ctx))[1]?.id }),
    deleted: ({ ctx }) => listMembers(ctx, { state: "deleted" }),
    "with a passkey": ({ ctx }) => listMembers(ctx, { factor: "passkey" }),
    "with an app": ({ ctx }) => listMembers(ctx, { factor: "totp" }),
    "without a factor": ({ ctx }) => listMembers(ctx, { factor: "none" }),
    "without one that is required": ({ ctx }) => listMembers(ctx, { factor: "missing" }),
    "with one that is held": ({ ctx }) => listMembers(ctx, { factor: "held" }),
  },
  listContacts: {
    first: ({ ctx }) => listContacts(ctx, {}),
    "last page": ({ ctx, contact }) => listContacts(ctx, { after: contact.last }),
    "by last sign-in": ({ ctx }) => listContacts(ctx, { sort: "login" }),
    "search of a username": ({ ctx, contact }) => listContacts(ctx, { q: contact.username }),
    "search of a letter": ({ ctx }) => listContacts(ctx, { q: "m" }),
    "of a client": ({ ctx, client }) => listContacts(ctx, { client: client.id }),
  },
  readMembers: {
    first: ({ ctx }) => readMembers(ctx, { limit: 50 }),
    "last page": ({ ctx, staff }) => readMembers(ctx, { after: staff.last, limit: 50 }),
    "search of a name": ({ ctx }) => readMembers(ctx, { q: "maria smithson", limit: 50 }),
  },
  readContacts: {
    first: ({ ctx }) => readContacts(ctx, { limit: 50 }),
    "last page": ({ ctx, contact }) => readContacts(ctx, { after: contact.last, limit: 50 }),
    "search of a username": ({ ctx, contact }) => readContacts(ctx, { q: contact.username, limit: 50 }),
  },
  readPiece: {
    first: ({ ctx }) =>
      readPiece(ctx, {
        wish: { kind: "staff", filters: people({}), byteOrderMark: false },
        after: undefined,
      }),
    last: ({ ctx, contact }) =>
      readPiece(ctx, {
        wish: { kind: "contact", filters: people({}), byteOrderMark: false },
        after: contact.last,
      }),
  },
  listInvitations: {
    "of staff": ({ ctx }) => listInvitations(ctx, { kind: "staff" }),
    "of contacts": ({ ctx }) => listInvitations(ctx, { kind: "contact" }),
    "last page": ({ ctx, invited }) => listInvitations(ctx, { kind: "contact", after: invited.last }),
    accepted: ({ ctx }) => listInvitations(ctx, { kind: "contact", state: "accepted" }),
    expired: ({ ctx }) => listInvitations(ctx, { kind: "contact", state: "expired" }),
    "search of a username": ({ ctx, contact }) =>
      listInvitations(ctx, { kind: "contact", q: contact.username }),
    "search of a letter": ({ ctx }) => listInvitations(ctx, { kind: "contact", q: "m" }),
  },
  accessReport: {
    first: ({ ctx }) => accessReport(ctx, {}),
    "last page": ({ ctx, contact }) => accessReport(ctx, { after: contact.last }),
    "of staff": ({ ctx }) => accessReport(ctx, { kind: "staff" }),
    "of a client": ({ ctx, client }) => accessReport(ctx, { client: client.id }),
    active: ({ ctx }) => accessReport(ctx, { state: "active" }),
    locked: ({ ctx }) => accessReport(ctx, { state: "locked" }),
    frozen: ({ ctx }) => accessReport(ctx, { state: "frozen" }),
    disabled: ({ ctx }) => accessReport(ctx, { state: "disabled" }),
    "search of a username": ({ ctx, contact }) => accessReport(ctx, { q: contact.username }),
    "search of a letter": ({ ctx }) => accessReport(ctx, { q: "m" }),
    "search of a client": ({ ctx, client }) => accessReport(ctx, { q: client.name }),
    "search of nobody": ({ ctx }) => accessReport(ctx, { q: "nobody at all" }),
  },
  nextAccessRows: {
    first: ({ ctx }) => nextAccessRows(ctx, AccessFilters.parse({})),
    "last page": ({ ctx, contact }) => nextAccessRows(ctx, AccessFilters.parse({ after: contact.last })),
  },
  listClients: {
    first: ({ ctx }) => listClients(ctx, {}),
    "last page": ({ ctx, client }) => listClients(ctx, { after: client.last }),
    newest: ({ ctx }) => listClients(ctx, { sort: "created" }),
    search: ({ ctx }) => listClients(ctx, { q: "smithson" }),
    deleted: ({ ctx }) => listClients(ctx, { state: "deleted" }),
    mine: ({ ctx }) => listClients(ctx, { assigned: "me" }),
  },
  getClientContacts: {
    first: ({ ctx, client }) => getClientContacts(ctx, { clientId: client.id }),
    search: ({ ctx, client }) => getClientContacts(ctx, { clientId: client.id, q: "m" }),
  },
  findContactCandidates: {
    name: ({ ctx, client }) => findContactCandidates(ctx, { clientId: client.id, q: "maria smithson" }),
    letter: ({ ctx, client }) => findContactCandidates(ctx, { clientId: client.id, q: "m" }),
  },
  findStaffCandidates: {
    nothing: ({ ctx, client }) => findStaffCandidates(ctx, { clientId: client.id, q: "" }),
    letter: ({ ctx, client }) => findStaffCandidates(ctx, { clientId: client.id, q: "m" }),
  },
  findTokenOwners: {
    name: ({ ctx }) => findTokenOwners(ctx, "maria smithson"),
    letter: ({ ctx }) => findTokenOwners(ctx, "m"),
  },
  findCandidates: {
    name: ({ ctx }) => findCandidates(ctx, "maria smithson"),
    letter: ({ ctx }) => findCandidates(ctx, "m"),
  },
  listRequests: { first: ({ ctx }) => listRequests(ctx, {}) },
  listApiTokens: { first: ({ ctx }) => listApiTokens(ctx, {}) },
  listMemberSessions: { of: ({ ctx, staff }) => listMemberSessions(ctx, staff.id) },
  listOwnSessions: { own: ({ ctx }) => listOwnSessions(ctx) },
  listPasskeys: { own: ({ ctx }) => listPasskeys(ctx) },
  listEvents: {
    first: ({ ctx }) => listEvents(ctx, {}),
    "last page": ({ ctx, event }) => listEvents(ctx, { after: event.last }),
    "of a kind": ({ ctx }) => listEvents(ctx, { event: "member.created" }),
    refused: ({ ctx }) => listEvents(ctx, { outcome: "refused" }),
    done: ({ ctx }) => listEvents(ctx, { outcome: "done" }),
    "by somebody": ({ ctx, contact }) => listEvents(ctx, { by: contact.id }),
    "by a name": ({ ctx }) => listEvents(ctx, { by: "maria smithson" }),
    "about somebody": ({ ctx, contact }) => listEvents(ctx, { about: contact.id }),
    "from a source": ({ ctx }) => listEvents(ctx, { source: "198.51.100.7" }),
    "of a request": ({ ctx }) => listEvents(ctx, { request: "filled-77" }),
    "of a day": ({ ctx }) => listEvents(ctx, { from: "2026-05-01", to: "2026-05-01" }),
  },
  nextEvents: { first: ({ ctx }) => nextEvents(ctx, events({})) },
  listMemberEvents: {
    of: ({ ctx, contact }) => listMemberEvents(ctx, { memberId: contact.id, after: undefined }),
  },
  listGroups: { all: ({ ctx }) => listGroups(ctx) },
  getGroup: { "of most people": async ({ ctx }) => getGroup(ctx, (await listGroups(ctx)).at(-1)?.id ?? "") },
  listConnections: { all: ({ ctx }) => listConnections(ctx) },
  describeEnforcement: {
    staff: ({ ctx }) => describeEnforcement(ctx, { scope: "staff" }),
    everybody: ({ ctx }) => describeEnforcement(ctx, { scope: "everybody" }),
    "last page": ({ ctx, contact }) => describeEnforcement(ctx, { scope: "everybody", after: contact.last }),
  },
  getClient: { "of its contacts": ({ ctx, client }) => getClient(ctx, client.id) },
  describeClientDeletion: { "of its contacts": ({ ctx, client }) => describeClientDeletion(ctx, client.id) },
  listSignInConnections: { all: ({ ctx }) => listSignInConnections(ctx) },
  listBreakGlass: { all: ({ ctx }) => listBreakGlass(ctx) },
  listDirectories: { all: ({ ctx }) => listDirectories(ctx) },
  listImports: { staff: ({ ctx }) => listImports(ctx, "staff") },
  listSecurityOptionsVersions: { all: ({ ctx }) => listSecurityOptionsVersions(ctx) },
  listPlaces: { all: ({ ctx }) => listPlaces(ctx, {}) },
  listLinkedFirms: { all: ({ ctx }) => listLinkedFirms(ctx) },
  listMyWorkspaces: { all: ({ ctx }) => listMyWorkspaces(ctx) },
  getWorkspace: {
    first: ({ ctx, client }) => getWorkspace(ctx, { workspaceId: client.workspaceId }),
    "last page": ({ ctx, client }) =>
      getWorkspace(ctx, { workspaceId: client.workspaceId, after: client.contact }),
  },
};
