import { PageHeader } from "#components/layout/page-header.tsx";
import { Pager } from "#components/members/pager.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table } from "#components/ui/table.tsx";
import { listRequests } from "#lib/members/recovery/list-requests.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { momentInWords, STATES } from "./words.ts";

export const metadata = { title: "Requests for help" };

type Request = Awaited<ReturnType<typeof listRequests>>["requests"][number];

/** People who cannot get in by themselves, and accounts that their owners froze (000-04, B10, B12). */
export default async function RequestsPage({ searchParams }: PageProps<"/members/requests">) {
  const ctx = await requireContext();
  const { requests, after, next } = await load(listRequests(ctx, await searchParams));
  return (
    <>
      <PageHeader
        title="Requests for help"
        description="People who cannot read their mailbox any more, and accounts that their owners have frozen."
        breadcrumbs={[{ href: "/members", label: "Members" }]}
      />
      <Card flush>
        <Table
          caption="Requests for help"
          rows={requests}
          rowKey={(request) => request.id}
          empty={
            <EmptyState title="Nobody has asked for help">
              Who cannot read the mailbox any more can ask on the “Forgot password” page.
            </EmptyState>
          }
          columns={[
            { key: "who", header: "Who", rowHeader: true, cell: (request) => <Who request={request} /> },
            { key: "what", header: "What", cell: ({ origin }) => WHAT[origin] },
            { key: "state", header: "State", cell: ({ status }) => <State status={status} /> },
            { key: "when", header: "Asked", cell: ({ createdAt }) => momentInWords(createdAt) },
          ]}
        />
      </Card>
      <Pager path="/members/requests" wish={{}} place="after" next={next} begun={after !== undefined} />
    </>
  );
}

function Who({ request }: { request: Request }) {
  const { id, memberName, typedName } = request;
  return (
    <>
      <a href={`/members/requests/${id}`} className="wrap-anywhere">
        {memberName ?? typedName}
      </a>
      {memberName === null && <span className="block font-normal text-ink-muted">Not known yet</span>}
    </>
  );
}

const WHAT = { no_mailbox: "Cannot read the mailbox", frozen: "Has frozen the account" };

function State({ status }: { status: Request["status"] }) {
  const { tone, label } = STATES[status];
  return <Badge tone={tone}>{label}</Badge>;
}
