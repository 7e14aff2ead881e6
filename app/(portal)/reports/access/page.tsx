import { PageHeader } from "#components/layout/page-header.tsx";
import { AccessBadge } from "#components/members/access-badge.tsx";
import { LookedAt } from "#components/members/looked-at.tsx";
import { MailState } from "#components/members/mail-state.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { FilterChips } from "#components/reports/filter-chips.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { ACCESS_STATES, type AccessStateName } from "#lib/policy/access-state.ts";
import { type AccessReport, type AccessRow, accessReport } from "#lib/reports/access-report.ts";
import { AccessFilters } from "#lib/reports/input.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { Help } from "./help.tsx";
import { reportPath, searchOf, wishOf } from "./report-path.ts";

export const metadata = { title: "Access report" };

/** Where everybody's access stands, why, and what helps (001-13, D4). */
export default async function AccessReportPage({ searchParams }: PageProps<"/reports/access">) {
  const ctx = await requireContext();
  const filters = AccessFilters.parse(await searchParams);
  const report = await load(accessReport(ctx, filters));
  const { after, ...chosen } = filters;
  const { q, ...kept } = wishOf(chosen);
  return (
    <>
      <PageHeader
        title="Access report"
        description="Who can sign in, who cannot and why, and what helps."
        actions={<Downloads filters={chosen} />}
      />
      <div className="grid gap-6">
        <PeopleSearch
          action="/reports/access"
          typed={q ?? ""}
          keep={kept}
          hint="By the beginning of a name, a username or a client."
        />
        <Filters ctx={ctx} filters={chosen} report={report} />
        <Card flush>
          <Table
            caption="Access report"
            rows={report.rows}
            rowKey={(row) => row.id}
            empty={<EmptyState title="There is nobody like that" />}
            columns={columnsFor(ctx, chosen)}
          />
          <LookedAt people={report.lookedAt} />
          <Pager
            path="/reports/access"
            wish={wishOf(chosen)}
            place="after"
            next={report.next}
            begun={after !== undefined}
          />
        </Card>
      </div>
    </>
  );
}

/** What is shown, all of it. Excel knows by a mark at its beginning how a file is written; other programs show the mark. */
function Downloads({ filters }: { filters: AccessFilters }) {
  const search = searchOf(filters);
  return (
    <>
      <a href={`/reports/access/csv?${search}`} className={buttonClass({})}>
        Download CSV
      </a>
      <a
        href={`/reports/access/csv?${search}${search && "&"}bom=1`}
        className={buttonClass({ tone: "plain" })}
      >
        CSV for Excel
      </a>
    </>
  );
}

type FiltersProps = { ctx: MemberContext; filters: AccessFilters; report: AccessReport };

function Filters({ ctx, filters, report: { counts, total, client } }: FiltersProps) {
  const states = (Object.keys(ACCESS_STATES) as AccessStateName[]).filter(
    (state) => !counts || counts[state] > 0 || filters.state === state,
  );
  return (
    <div className="grid gap-3">
      {seesBothKinds(ctx) && <Kinds filters={filters} />}
      <FilterChips
        label="State"
        chips={[
          {
            ...{ href: reportPath(filters, { state: undefined }), words: "All" },
            ...{ count: sayCounted(total), chosen: !filters.state },
          },
          ...states.map((state) => ({
            ...{ href: reportPath(filters, { state }), words: ACCESS_STATES[state] },
            ...{ count: counts?.[state], chosen: filters.state === state },
          })),
        ]}
      />
      {filters.client && (
        <p className="text-sm">
          Only contacts of {client ? <strong>{client.name}</strong> : "a client that does not exist"}.{" "}
          <a href={reportPath(filters, { client: undefined })}>Show all clients</a>
        </p>
      )}
    </div>
  );
}

function Kinds({ filters }: { filters: AccessFilters }) {
  const chip = (words: string, kind: AccessFilters["kind"]) => ({
    ...{ words, href: reportPath(filters, { kind }), chosen: filters.kind === kind },
  });
  return (
    <FilterChips
      label="Kind"
      chips={[chip("Everybody", undefined), chip("Staff", "staff"), chip("Contacts", "contact")]}
    />
  );
}

function seesBothKinds(ctx: MemberContext): boolean {
  return hasPermission(ctx, "members:read") && hasPermission(ctx, "clients:read");
}

function columnsFor(ctx: MemberContext, filters: AccessFilters): TableColumn<AccessRow>[] {
  return [
    { key: "name", header: "Name", rowHeader: true, cell: (row) => <Person row={row} filters={filters} /> },
    { key: "access", header: "Access", cell: (row) => <State row={row} /> },
    {
      key: "seen",
      header: "Last login",
      cell: ({ lastSignInAt: at }) => (at ? <Moment at={at} /> : "Never"),
    },
    { key: "mail", header: "Last mail", cell: ({ mail }) => (mail ? <MailState {...mail} /> : "None") },
    {
      ...{ key: "help", header: "What helps", actions: true, align: "end" },
      cell: (row) => <Help ctx={ctx} row={row} />,
    },
  ];
}

/** With what tells one person from another of the same name (D5). */
function Person({ row, filters }: { row: AccessRow; filters: AccessFilters }) {
  const { id, kind, name, username, maskedAddress, clients } = row;
  return (
    <>
      <a id={`name-${id}`} href={`/members/${id}/profile`}>
        {name}
      </a>
      <span className="grid font-normal text-ink-muted text-sm">
        <span>{[KINDS[kind], !username.includes("@") && username].filter(Boolean).join(", ")}</span>
        <span>{maskedAddress ?? "No address"}</span>
        {clients.map((client) => (
          <a
            key={client.id}
            href={reportPath(filters, { client: client.id })}
            className="justify-self-start py-0.5"
          >
            {client.name}
          </a>
        ))}
      </span>
    </>
  );
}

const KINDS = { staff: "Staff", contact: "Contact" };

function State({ row: { state, reason } }: { row: AccessRow }) {
  return (
    <span className="grid justify-items-start gap-1">
      <AccessBadge state={state} words={ACCESS_STATES[state]} />
      <span className="field-hint">{reason}</span>
    </span>
  );
}
