import type { ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";

export type ShownBrowser = { id: string; browser: string; lastUsedAt: Date; until: Date };

type BrowserTableProps = {
  caption: string;
  browsers: ShownBrowser[];
  timeZone: string;
  /** The button that forgets one. */
  forget?: (browser: ShownBrowser) => ReactNode;
};

/** Browsers in which no second factor is asked for (UX16). */
export function BrowserTable({ caption, browsers, timeZone, forget }: BrowserTableProps) {
  const columns: TableColumn<ShownBrowser>[] = [
    { key: "browser", header: "Browser", rowHeader: true, cell: ({ browser }) => browser },
    {
      key: "used",
      header: "Last used",
      cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} timeZone={timeZone} />,
    },
    { key: "until", header: "Until", cell: ({ until }) => <Moment at={until} timeZone={timeZone} /> },
  ];
  if (forget) columns.push({ key: "forget", header: "Forget", actions: true, cell: forget });
  return (
    <Table
      caption={caption}
      rows={browsers}
      rowKey={({ id }) => id}
      columns={columns}
      empty={
        <EmptyState title="No browser is remembered">Each sign-in asks for the second factor.</EmptyState>
      }
    />
  );
}
