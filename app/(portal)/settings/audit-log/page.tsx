import { EventList } from "#components/audit/event-list.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Pager } from "#components/members/pager.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { listEvents } from "#lib/audit/list-events.ts";
import { describeBreakGlassAlarm } from "#lib/auth/sso/break-glass/describe-alarm.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { BreakGlassAlarm } from "./break-glass-alarm.tsx";
import { FilterForm } from "./filter-form.tsx";
import { wishOf } from "./wish.ts";

export const metadata = { title: "Audit log" };

export default async function AuditLogPage({ searchParams }: PageProps<"/settings/audit-log">) {
  const ctx = await requireContext();
  const { filters, timeZone, events, next } = await load(listEvents(ctx, await searchParams));
  const alarm = await load(describeBreakGlassAlarm(ctx));
  const wish = wishOf(filters);
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who did what, when and from where. The newest comes first."
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
        actions={<Downloads wish={wish} />}
      />
      <div className="grid gap-6">
        <BreakGlassAlarm alarm={alarm} timeZone={timeZone} />
        <FilterForm filters={filters} timeZone={timeZone} />
        <Card flush>
          <EventList events={events} timeZone={timeZone} caption="Audit log" />
          <Pager
            path="/settings/audit-log"
            wish={wish}
            place="after"
            next={next}
            begun={filters.after !== undefined}
          />
        </Card>
      </div>
    </>
  );
}

/** All that the filters let through. Excel knows by a mark at its beginning how a file is written. */
function Downloads({ wish }: { wish: Record<string, string> }) {
  const path = (more = {}) => `/settings/audit-log/csv?${new URLSearchParams({ ...wish, ...more })}`;
  return (
    <>
      <a href={path()} className={buttonClass({})}>
        Download CSV
      </a>
      <a href={path({ bom: "1" })} className={buttonClass({ tone: "plain" })}>
        CSV for Excel
      </a>
    </>
  );
}
