import { PageHeader } from "#components/layout/page-header.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Table } from "#components/ui/table.tsx";
import { hasPermission } from "#lib/core/access.ts";
import { listMembers } from "#lib/members/list-members.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "Members" };

type Member = Awaited<ReturnType<typeof listMembers>>[number];

export default async function MembersPage() {
  const ctx = await requireContext();
  const members = await load(listMembers(ctx));
  const mayManage = hasPermission(ctx, "members:manage");
  return (
    <>
      <PageHeader title="Members" description={`The staff of ${ctx.tenant.name}.`} />
      <Card flush>
        <Table
          caption="Members"
          rows={members}
          rowKey={(member) => member.id}
          columns={[
            { key: "name", header: "Name", rowHeader: true, cell: (member) => <Name member={member} /> },
            {
              key: "email",
              header: "E-mail",
              cell: (member) => <Email member={member} linked={mayManage} />,
            },
            { key: "group", header: "Security Group", cell: (member) => member.group },
            { key: "status", header: "Account Status", cell: (member) => <Status member={member} /> },
            { key: "seen", header: "Last login", cell: (member) => lastLogin(member.lastSignInAt) },
          ]}
        />
      </Card>
    </>
  );
}

function Name({ member }: { member: Member }) {
  return (
    <>
      {member.name}
      {member.username !== member.email && (
        <span className="block font-normal text-ink-muted">{member.username}</span>
      )}
    </>
  );
}

/** The address leads to the account (004-01); one who signs in by SSO has no Password & Security tab (004-02). */
function Email({ member, linked }: { member: Member; linked: boolean }) {
  const text = member.email ?? "No address";
  if (!linked || member.federated) return text;
  return <a href={`/members/${member.id}/password-and-security`}>{text}</a>;
}

function Status({ member }: { member: Member }) {
  return member.status === "enabled" ? (
    <Badge tone="success">Enabled</Badge>
  ) : (
    <Badge tone="warning">Disabled</Badge>
  );
}

function lastLogin(at: Date | null): string {
  if (!at) return "Never";
  return `${at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" })} UTC`;
}
