import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";

export type ShownSession = {
  id: string;
  isHere: boolean;
  browser: string;
  address: string;
  howProven: string;
  unusual: string[];
  startedAt: Date;
  lastSeenAt: Date;
};

type SessionTableProps = {
  caption: string;
  sessions: ShownSession[];
  timeZone: string;
  /** The button that ends one. */
  end: (session: ShownSession) => ReactNode;
};

/** Where somebody is signed in, a line each (UX26). */
export function SessionTable({ caption, sessions, timeZone, end }: SessionTableProps) {
  const columns: TableColumn<ShownSession>[] = [
    { key: "browser", header: "Device", rowHeader: true, cell: (session) => <Device session={session} /> },
    { key: "how", header: "Signed in with", cell: ({ howProven }) => howProven },
    { key: "address", header: "Address", cell: ({ address }) => address },
    {
      key: "first",
      header: "First seen",
      cell: ({ startedAt }) => <Moment at={startedAt} timeZone={timeZone} />,
    },
    {
      key: "last",
      header: "Last seen",
      cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} timeZone={timeZone} />,
    },
    { key: "end", header: "End", actions: true, cell: end },
  ];
  return (
    <Table
      caption={caption}
      rows={sessions}
      rowKey={({ id }) => id}
      columns={columns}
      empty={<EmptyState title="Nobody is signed in to this account" />}
    />
  );
}

function Device({ session: { browser, isHere, unusual } }: { session: ShownSession }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {browser}
      {isHere && <Badge tone="info">This device</Badge>}
      {unusual.length > 0 && <span className="basis-full text-ink-muted text-sm">{unusual.join(" ")}</span>}
    </span>
  );
}
