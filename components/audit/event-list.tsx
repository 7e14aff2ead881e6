import { Facts } from "#components/members/facts.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";

type Named = { words: string; at?: { kind: "member" | "client"; id: string } };

export type ShownEvent = {
  id: string;
  at: Date;
  event: string;
  refused: boolean;
  sentence: string;
  by: Named;
  about: Named | undefined;
  reason: string | undefined;
  facts: { label: string; value: string }[];
  source: string;
  requestId: string;
};

type EventListProps = { events: ShownEvent[]; timeZone: string; caption: string };

/** What happened, the newest first: a sentence each, and its facts for whoever wants to know more. */
export function EventList({ events, timeZone, caption }: EventListProps) {
  const columns: TableColumn<ShownEvent>[] = [
    { key: "what", header: "Event", rowHeader: true, cell: (event) => <What event={event} /> },
    { key: "by", header: "By", cell: ({ by }) => <Who who={by} /> },
    { key: "about", header: "About", cell: ({ about }) => (about ? <Who who={about} /> : "–") },
    { key: "at", header: "When", cell: ({ at }) => <Moment at={at} timeZone={timeZone} seconds /> },
  ];
  return (
    <Table
      caption={caption}
      rows={events}
      rowKey={({ id }) => id}
      empty={<EmptyState title="There is no such event" />}
      columns={columns}
    />
  );
}

function What({ event }: { event: ShownEvent }) {
  const { sentence, refused, reason, facts, source, requestId } = event;
  const more = [
    ...facts,
    { label: "Source", value: source },
    { label: "Request", value: requestId },
    { label: "Name of the event", value: event.event },
  ];
  return (
    <div className="grid justify-items-start gap-1.5">
      <span>{sentence}</span>
      {reason && (
        <span className="font-normal">
          <Badge tone={refused ? "warning" : "neutral"}>{reason}</Badge>
        </span>
      )}
      <details className="w-full font-normal text-sm">
        <summary className="min-h-6 cursor-pointer py-0.5 text-ink-muted">
          Facts <span className="visually-hidden">of: {sentence}</span>
        </summary>
        <div className="max-w-lg py-2">
          <Facts facts={more} />
        </div>
      </details>
    </div>
  );
}

const PAGES = {
  member: (id: string) => `/members/${id}/profile`,
  client: (id: string) => `/clients/${id}/contacts`,
};

function Who({ who: { words, at } }: { who: Named }) {
  return at ? <a href={PAGES[at.kind](at.id)}>{words}</a> : words;
}
