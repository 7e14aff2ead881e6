import { PageHeader } from "#components/layout/page-header.tsx";
import { LookedAt } from "#components/members/looked-at.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { FilterChips } from "#components/reports/filter-chips.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { Table } from "#components/ui/table.tsx";
import { INVITATION_STATES } from "#lib/members/invitations/input.ts";
import { type ListedInvitations, listInvitations } from "#lib/members/invitations/list-invitations.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { invitationColumns } from "./columns.tsx";
import { STATES } from "./words.ts";

export const metadata = { title: "Invitations" };

/** Who was invited, what became of it, and what can be done about it (D3, 001-14). */
export default async function InvitationsPage({ searchParams }: PageProps<"/members/invitations">) {
  const ctx = await requireContext();
  const listed = await load(listInvitations(ctx, await searchParams));
  const { kind, filters, invitations, next } = listed;
  const { q, ...kept } = wishOf(listed);
  const list =
    kind === "staff" ? { href: "/members", label: "Members" } : { href: "/contacts", label: "Contacts" };
  return (
    <>
      <PageHeader
        title="Invitations"
        description="Whoever was invited, and what became of it."
        breadcrumbs={[list]}
      />
      <div className="grid gap-6">
        <PeopleSearch
          action={PATH}
          typed={filters.q}
          keep={kept}
          hint="By the beginning of a name or a username."
        />
        <Filters listed={listed} />
        <Card flush>
          <Table
            caption="Invitations"
            rows={invitations}
            rowKey={({ id }) => id}
            empty={<EmptyState title="There is no invitation like that" />}
            columns={invitationColumns(listed)}
          />
          <LookedAt people={listed.lookedAt} />
          <Pager
            path={PATH}
            wish={wishOf(listed)}
            place="after"
            next={next}
            begun={filters.after !== undefined}
          />
        </Card>
      </div>
    </>
  );
}

const PATH = "/members/invitations";

const KINDS = { staff: "Staff", contact: "Contacts" };

function Filters({ listed }: { listed: ListedInvitations }) {
  const { kind, kinds, counts, total, filters } = listed;
  return (
    <div className="grid gap-3">
      {kinds.length > 1 && (
        <FilterChips
          label="Kind"
          chips={kinds.map((one) => ({
            ...{ href: pathWith(listed, { kind: one }), words: KINDS[one], chosen: one === kind },
          }))}
        />
      )}
      <FilterChips
        label="State"
        chips={[
          {
            ...{ href: pathWith(listed, { state: "" }), words: "All" },
            ...{ count: sayCounted(total), chosen: !filters.state },
          },
          ...INVITATION_STATES.map((state) => ({
            ...{ href: pathWith(listed, { state }), words: STATES[state].label },
            ...{ count: counts?.[state], chosen: filters.state === state },
          })),
        ]}
      />
    </div>
  );
}

/** What is chosen, for an address; nothing for what is not. */
function wishOf({ kind, filters: { q, state } }: ListedInvitations, changes = {}): Record<string, string> {
  const chosen = Object.entries({ kind, q, state, ...changes });
  return Object.fromEntries(chosen.filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** The list with another choice. A change begins at the top. */
function pathWith(listed: ListedInvitations, changes: Record<string, string>): string {
  return `${PATH}?${new URLSearchParams(wishOf(listed, changes))}`;
}
