import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { AccessBadge } from "#components/members/access-badge.tsx";
import { Address } from "#components/members/address.tsx";
import { BATCH_FORM, BatchForm } from "#components/members/batch-form.tsx";
import { MailState } from "#components/members/mail-state.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { Tick } from "#components/members/tick.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { sayDelivery } from "#lib/outbox/delivery-state.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { prepareBatchAction } from "./actions.ts";

export const metadata = { title: "Members" };

type Listed = Awaited<ReturnType<typeof listMembers>>;
type Member = Listed["people"][number];

export default async function MembersPage({ searchParams }: PageProps<"/members">) {
  const ctx = await requireContext();
  const listed = await load(listMembers(ctx, await searchParams));
  const maySend = hasPermission(ctx, "contacts:reset") && hasPermission(ctx, "members:reset");
  const { people, q, after, next } = listed;
  return (
    <>
      <PageHeader title="Members" description={`The staff of ${ctx.tenant.name}.`} />
      <div className="grid gap-6">
        <PeopleSearch
          action="/members"
          typed={q}
          hint="By the beginning of a name, a username or an e-mail."
        />
        {maySend && people.length > 0 && <BatchActions listed={listed} />}
        <Card flush>
          <Table
            caption="Members"
            rows={people}
            rowKey={(member) => member.id}
            empty={<EmptyState title="Nobody here goes by that" />}
            columns={columns({ ticked: maySend, linked: hasPermission(ctx, "members:manage") })}
          />
          <Pager path="/members" wish={{ q }} place="after" next={next} begun={after !== undefined} />
        </Card>
      </div>
    </>
  );
}

/** Many users at once: tick them, choose, Go (000-07). */
function BatchActions({ listed: { q, total, people } }: { listed: Listed }) {
  return (
    <BatchForm
      action={prepareBatchAction}
      label="Several members at once"
      typed={q}
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

function columns({ ticked, linked }: { ticked: boolean; linked: boolean }): TableColumn<Member>[] {
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
    { key: "name", header: "Name", rowHeader: true, cell: (member) => <Name member={member} /> },
    { key: "email", header: "E-mail", cell: (member) => <Email member={member} linked={linked} /> },
    { key: "group", header: "Security Group", cell: (member) => member.group },
    { key: "status", header: "Account Status", cell: (member) => <Status member={member} /> },
    {
      key: "seen",
      header: "Last login",
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
      <a href={`/members/${member.id}/profile`}>{member.name}</a>
      {member.username !== member.email && (
        <span className="block font-normal text-ink-muted">{member.username}</span>
      )}
    </>
  );
}

/** The address leads to the account (004-01); one who signs in by SSO has no Password & Security tab (004-02). */
function Email({ member, linked }: { member: Member; linked: boolean }) {
  const address = <Address address={member.email} />;
  if (!linked || member.federated) return address;
  return <a href={`/members/${member.id}/password-and-security`}>{address}</a>;
}

/** Whether the account is enabled (004-05), and beside it whatever else there is to say of its access. */
function Status({ member: { status, access } }: { member: Member }) {
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
