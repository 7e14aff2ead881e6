import { EventList } from "#components/audit/event-list.tsx";
import { Pager } from "#components/members/pager.tsx";
import { Card } from "#components/ui/card.tsx";
import { listMemberEvents } from "#lib/audit/list-member-events.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { MemberHeader } from "../member-header.tsx";

export const metadata = { title: "Activity" };

/** What one person did, and what was done about them. */
export default async function ActivityPage({ params, searchParams }: PageProps<"/members/[id]/activity">) {
  const ctx = await requireContext();
  const { id } = await params;
  const { after } = await searchParams;
  const { member, filters, timeZone, events, next } = await load(
    listMemberEvents(ctx, { memberId: id, after }),
  );
  return (
    <>
      <MemberHeader ctx={ctx} member={member} description={undefined} tab="activity" />
      <Card flush>
        <EventList events={events} timeZone={timeZone} caption={`Activity of ${member.name}`} />
        <Pager
          path={`/members/${id}/activity`}
          wish={{}}
          place="after"
          next={next}
          begun={filters.after !== undefined}
        />
      </Card>
    </>
  );
}
