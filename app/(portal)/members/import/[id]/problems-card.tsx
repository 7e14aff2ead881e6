import { Pager } from "#components/members/pager.tsx";
import { Card } from "#components/ui/card.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import type { ImportView } from "#lib/imports/get-import.ts";
import { lines } from "../words.ts";

type Refused = ImportView["problems"]["lines"][number];

/** The refused lines by their number in the file, with all that is wrong with each. */
export function ProblemsCard({ found }: { found: ImportView }) {
  const { lines: refused, next, begun } = found.problems;
  if (refused.length === 0) return null;
  return (
    <Card
      title={`Refused: ${lines(found.refused)}`}
      description="Correct them in your file, and import it again: whoever is here already stays as they are."
      actions={<a href={`/members/import/${found.id}/problems.csv`}>Download the problems (CSV)</a>}
      flush
    >
      <Table caption="Refused lines" rows={refused} rowKey={({ line }) => line} columns={COLUMNS} />
      <Pager path={`/members/import/${found.id}`} wish={{}} place="refused" next={next} begun={begun} />
    </Card>
  );
}

const COLUMNS: TableColumn<Refused>[] = [
  { key: "line", header: "Line", rowHeader: true, cell: ({ line }) => `Line ${line}` },
  { key: "name", header: "Name", cell: ({ name }) => name },
  { key: "who", header: "E-mail or username", cell: ({ email, username }) => email || username },
  {
    key: "problems",
    header: "What is wrong",
    cell: ({ problems }) => (
      <ul className="grid gap-1">
        {problems.map(({ field, text }) => (
          <li key={field + text}>
            {field}: {text}
          </li>
        ))}
      </ul>
    ),
  },
];
