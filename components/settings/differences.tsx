import { Table } from "#components/ui/table.tsx";

export type Difference = { option: string; from: string; to: string };

/** What a change of the firm's options changes, in the words of its form. */
export function Differences({ changes }: { changes: Difference[] }) {
  return (
    <Table
      caption="What changes"
      rows={changes}
      rowKey={({ option }) => option}
      columns={[
        { key: "option", header: "Option", rowHeader: true, cell: ({ option }) => option },
        { key: "from", header: "Now", cell: ({ from }) => <span className="text-ink-muted">{from}</span> },
        { key: "to", header: "Then", cell: ({ to }) => <strong className="font-semibold">{to}</strong> },
      ]}
    />
  );
}
