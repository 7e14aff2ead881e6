import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { AccessBadge } from "#components/members/access-badge.tsx";
import { Address } from "#components/members/address.tsx";
import { BATCH_FORM, BatchForm } from "#components/members/batch-form.tsx";
import { EnrolmentWord } from "#components/members/enrolment.tsx";
import { MailState } from "#components/members/mail-state.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleFilter } from "#components/members/people-filter.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { Tick } from "#components/members/tick.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { listMembers } from "#lib/members/list-members.ts";
import type { PeopleFilters } from "#lib/members/page-of-members.ts";
import { sayDelivery } from "#lib/outbox/delivery-state.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { ENROLMENT_STATES } from "#lib/policy/enrolment.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { prepareBatchAction } from "./actions.ts";
import { Done } from "./done.tsx";
import { ListActions, ListFoot } from "./list-actions.tsx";
import { FACTOR_CHOICES, filtersOf, SORT_CHOICES, sortable, wishOf } from "./people-wish.ts";

export const metadata = { title: "Members" };

type Listed = Awaited<ReturnType<typeof listMembers>>;
type Member = Listed["people"][number];

export default async function MembersPage({ searchParams }: PageProps<"/members">) {
  const ctx = await requireContext();
  const search = await searchParams;
  const listed = await load(listMembers(ctx, search));
  const { people, filters, after, next } = listed;
  const deleted = filters.state === "deleted";
  const maySend = hasPermission(ctx, "contacts:reset") && hasPermission(ctx, "members:reset") && !deleted;
  return (
    <>
      <PageHeader
        title={deleted ? "Deleted members" : "Members"}
        description={deleted ? DELETED : `The staff of ${ctx.tenant.name}.`}
        breadcrumbs={deleted ? [{ href: "/members", label: "Members" }] : []}
        actions={<ListActions ctx={ctx} kind="staff" filters={filters} />}
      />
      <div className="grid gap-6">
        <Done done={search.done} />
        <Search listed={listed} />
        {maySend && people.length > 0 && <BatchActions listed={listed} />}
        <Card flush>
          <Table
            caption={deleted ? "Deleted members" : "Members"}
            rows={people}
            rowKey={(member) => member.id}
            empty={
              <EmptyState title={deleted ? "Nobody like that is deleted" : "Nobody here goes by that"} />
            }
            columns={columns(filters, { ticked: maySend, linked: hasPermission(ctx, "members:manage") })}
          />
          <Pager
            path="/members"
            wish={wishOf(filters)}
            place="after"
            next={next}
            begun={after !== undefined}
          />
        </Card>
        <ListFoot ctx={ctx} kind="staff" filters={filters} />
      </div>
    </>
  );
}

const DELETED = "They cannot sign in and stand in no list. Their names stay reserved until they are erased.";

function Search({ listed: { filters, choices } }: { listed: Listed }) {
  const { q, sort, status, group, factor, state } = filters;
  return (
    <PeopleSearch
      action="/members"
      typed={q}
      keep={state ? { state } : {}}
      hint="By the beginning of a name, a username or an e-mail."
      narrowed={Object.keys(wishOf({ ...filters, state: undefined })).length > 0}
    >
      <PeopleFilter
        name="group"
        label="Security Group"
        all="All"
        chosen={group}
        choices={choices.map(({ id, name }) => ({ value: id, label: name }))}
      />
      {!state && (
        <PeopleFilter
          name="status"
          label="Account Status"
          all="All"
          chosen={status}
          choices={[
            { value: "enabled", label: "Enabled" },
            { value: "disabled", label: "Disabled" },
          ]}
        />
      )}
      <PeopleFilter name="factor" label="Second factor" all="All" chosen={factor} choices={FACTOR_CHOICES} />
      <PeopleFilter name="sort" label="Sort by" chosen={sort} choices={SORT_CHOICES} />
    </PeopleSearch>
  );
}

/** Many users at once: tick them, choose, Go (000-07). */
function BatchActions({ listed: { q, filters, total, people } }: { listed: Listed }) {
  return (
    <BatchForm
      action={prepareBatchAction}
      label="Several members at once"
      typed={q}
      filters={filtersOf(filters)}
      total={total}
      shown={people.length}
    >
      <div className="min-w-60">
        <Select
          name="send"
          label="Batch Action"
          placeholder="Choose…"
          options={[{ value: "send_new_user_email", label: "Send New User Email" }]}
        />
      </div>
      <Submit>Go</Submit>
    </BatchForm>
  );
}

type Look = { ticked: boolean; linked: boolean };

function columns(filters: PeopleFilters, { ticked, linked }: Look): TableColumn<Member>[] {
  const tick: TableColumn<Member> = {
    key: "tick",
    header: "Select",
    tick: "start",
    cell: ({ id, name, email, username }) => (
      <Tick form={BATCH_FORM} memberId={id} label={`Select ${name}, ${email ?? username}`} />
    ),
  };
  return [
    ...(ticked ? [tick] : []),
    {
      ...{ key: "name", header: "Name", rowHeader: true, ...sortable("name", "/members", filters) },
      cell: (member) => <Name member={member} />,
    },
    { key: "email", header: "E-mail", cell: (member) => <Email member={member} linked={linked} /> },
    { key: "type", header: "User Type", cell: ({ federated }) => (federated ? "SSO" : "Native") },
    { key: "group", header: "Security Group", cell: (member) => member.group },
    { key: "status", header: "Account Status", cell: (member) => <Status member={member} /> },
    {
      key: "factor",
      header: "Second factor",
      cell: ({ enrolment: { state } }) => <EnrolmentWord state={state} words={ENROLMENT_STATES[state]} />,
    },
    {
      ...{ key: "seen", header: "Last login", ...sortable("login", "/members", filters) },
      cell: ({ lastSignInAt }) => (lastSignInAt ? <Moment at={lastSignInAt} /> : "Never"),
    },
    {
      key: "mail",
      header: "Last mail",
      cell: ({ mail }) => (mail ? <MailState state={mail.state} sentence={sayDelivery(mail)} /> : "None"),
    },
  ];
}

function Name({ member }: { member: Member }) {
  return (
    <>
      <a href={`/members/${member.id}/${member.deletedAt ? "deleted" : "profile"}`}>{member.name}</a>
      {member.username !== member.email && (
        <span className="block font-normal text-ink-muted">{member.username}</span>
      )}
    </>
  );
}

/** The address leads to the account (004-01); one who signs in by SSO has no Password & Security tab (004-02). */
function Email({ member, linked }: { member: Member; linked: boolean }) {
  const address = <Address address={member.email} />;
  if (!linked || member.federated || member.deletedAt) return address;
  return <a href={`/members/${member.id}/password-and-security`}>{address}</a>;
}

/** Whether the account is enabled (004-05), and beside it whatever else there is to say of its access. */
function Status({ member: { status, access, deletedAt } }: { member: Member }) {
  if (deletedAt) return <Badge tone="warning">Deleted</Badge>;
  if (status === "disabled") return <Badge tone="warning">Disabled</Badge>;
  return (
    <span className="flex flex-wrap gap-1">
      <Badge tone="success">Enabled</Badge>
      {access && access.state !== "active" && (
        <AccessBadge state={access.state} words={ACCESS_STATES[access.state]} />
      )}
    </span>
  );
}
