import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { findStaffCandidates } from "#lib/clients/find-staff-candidates.ts";
import { getClient } from "#lib/clients/get-client.ts";
import type { Colleague } from "#lib/clients/staff-of.ts";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { load } from "#lib/web/load.ts";
import { ClientHeader } from "../client-header.tsx";
import { assignStaffAction, unassignStaffAction } from "./actions.ts";

export const metadata = { title: "Staff" };

/** Who of the staff works with a client. Some security groups see only the clients that they are assigned to (E7). */
export default async function ClientStaffPage({ params, searchParams }: PageProps<"/clients/[id]/staff">) {
  const ctx = await requireContext();
  const { done, q } = await searchParams;
  const client = await load(getClient(ctx, (await params).id));
  const mayAssign = hasPermission(ctx, "clients:manage");
  return (
    <>
      <ClientHeader
        ctx={ctx}
        client={client}
        tab="/staff"
        description="Staff whose security group sees assigned clients only see this client while they stand here."
      />
      <div className="grid gap-6">
        {typeof done === "string" && DONE[done] && (
          <Notice tone="success" role="status">
            {DONE[done]}
          </Notice>
        )}
        <Card title="Assigned staff" flush>
          <Table
            caption="Assigned staff"
            rows={client.staff}
            rowKey={({ id }) => id}
            empty={<EmptyState title="Nobody is assigned to this client" />}
            columns={[...WHO, ...(mayAssign ? [press(UNASSIGN, client.id)] : [])]}
          />
        </Card>
        {mayAssign && <Candidates clientId={client.id} typed={typeof q === "string" ? q : ""} />}
      </div>
    </>
  );
}

const DONE: Record<string, string> = {
  assigned: "Assigned. It counts from the next click on.",
  unassigned: "Taken off this client. It counts from the next click on.",
};

async function Candidates({ clientId, typed }: { clientId: string; typed: string }) {
  const candidates = await load(findStaffCandidates(await requireContext(), { clientId, q: typed }));
  return (
    <Card title="Assign somebody" flush>
      <div className="px-5 pb-5 sm:px-6">
        <PeopleSearch
          action={`/clients/${clientId}/staff`}
          typed={typed}
          hint="By the beginning of a name. The first ten are shown."
        />
      </div>
      <Table
        caption="Staff who can be assigned"
        rows={candidates}
        rowKey={({ id }) => id}
        empty={<EmptyState title="There is nobody else like that" />}
        columns={[...WHO, press(ASSIGN, clientId)]}
      />
    </Card>
  );
}

const WHO: TableColumn<Colleague>[] = [
  {
    key: "name",
    header: "Name",
    rowHeader: true,
    cell: ({ id, name }) => <span id={`name-${id}`}>{name}</span>,
  },
  { key: "group", header: "Security Group", cell: ({ group }) => group },
  {
    key: "status",
    header: "Account Status",
    cell: ({ enabled }) =>
      enabled ? <Badge tone="success">Enabled</Badge> : <Badge tone="warning">Disabled</Badge>,
  },
];

type Press = { word: string; action: (state: FormState, form: FormData) => Promise<FormState> };

const ASSIGN: Press = { word: "Assign", action: assignStaffAction };

const UNASSIGN: Press = { word: "Unassign", action: unassignStaffAction };

function press({ word, action }: Press, clientId: string): TableColumn<Colleague> {
  return {
    key: word,
    header: word,
    actions: true,
    align: "end",
    cell: ({ id, name }) => (
      <ActionForm action={action} id={`${word.toLowerCase()}-${id}`} className="whitespace-nowrap">
        <Hidden name="clientId" value={clientId} />
        <Hidden name="memberId" value={id} />
        <Submit tone="quiet" size="small" describedBy={`name-${id}`}>
          {word}
          <span className="visually-hidden"> {name}</span>
        </Submit>
      </ActionForm>
    ),
  };
}
