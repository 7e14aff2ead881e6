import type { Key, ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";

export type TableColumn<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Names the row; one column per table. */
  rowHeader?: boolean;
  /** Numbers and actions stand at the end. */
  align?: "start" | "end";
  /** Holds buttons: its header is for listeners only. */
  actions?: boolean;
  /** Holds a tick box, which stands in that upper corner of the record where rows are stacked. */
  tick?: "start" | "end";
  /** Where the rows are in the order of this column. */
  sorted?: "ascending" | "descending" | undefined;
  /** Where the rows are in the order of this column, or in the opposite one. */
  sortHref?: string | undefined;
};

type TableProps<Row> = {
  /** What the table lists; shown with `captionVisible`, always read out. */
  caption: string;
  captionVisible?: boolean;
  columns: TableColumn<Row>[];
  rows: Row[];
  rowKey: (row: Row) => Key;
  /** Shown in place of the table when there are no rows. */
  empty?: ReactNode;
};

/** From so many columns on they stand closer, and their heads may take two lines. */
const MANY = 8;

/** A table that stacks its rows where it has less than 40rem of room. */
export function Table<Row>({ caption, captionVisible, columns, rows, rowKey, empty }: TableProps<Row>) {
  if (rows.length === 0) return empty ?? <EmptyState title="Nothing here yet" />;
  return (
    <div className="table-frame">
      <table {...as("table")} className={columns.length < MANY ? "table" : "table table-many"}>
        <caption className={captionVisible ? "px-4 pb-3 font-semibold" : "visually-hidden"}>
          {caption}
        </caption>
        <thead {...as("rowgroup")}>
          <tr {...as("row")}>
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody {...as("rowgroup")}>
          {rows.map((row) => (
            <tr key={rowKey(row)} {...as("row")}>
              {columns.map((column) => cellOf(column, row))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeaderCell<Row>({ column }: { column: TableColumn<Row> }) {
  return (
    <th scope="col" {...as("columnheader")} aria-sort={column.sorted} className={cellClass(column)}>
      <HeaderText column={column} />
    </th>
  );
}

function HeaderText<Row>({
  column: { header, actions, tick, sorted, sortHref },
}: {
  column: TableColumn<Row>;
}) {
  if (actions || tick) return <span className="visually-hidden">{header}</span>;
  if (!sortHref) return header;
  return (
    <>
      <a href={sortHref} className="sort-link">
        {header}
        {sorted && <span aria-hidden="true">{sorted === "ascending" ? "↑" : "↓"}</span>}
      </a>
      {/* Where rows are stacked nobody sees the heads, and nobody must get lost on a link in them. */}
      <span className="sort-text">{header}</span>
    </>
  );
}

/**
 * Not a component, and its label no element: a list has a thousand cells, and each element is written three times, as React's, as
 * its stream and as HTML (PERF8).
 */
function cellOf<Row>(column: TableColumn<Row>, row: Row): ReactNode {
  const { key, header, rowHeader, actions, tick } = column;
  if (rowHeader) {
    return (
      <th key={key} scope="row" {...as("rowheader")} className={cellClass(column)}>
        {column.cell(row)}
      </th>
    );
  }
  const label = actions || tick ? undefined : header;
  return (
    <td key={key} {...as("cell")} className={cellClass(column)} data-label={label}>
      {column.cell(row)}
    </td>
  );
}

function cellClass<Row>({ align, actions, tick }: TableColumn<Row>) {
  const names = [
    align === "end" && "cell-end",
    actions && "cell-actions",
    tick && `cell-tick cell-tick-${tick}`,
  ];
  return names.filter(Boolean).join(" ") || undefined;
}

/** Browsers take a table's meaning away with its display value; a stated role stays. */
function as(role: "table" | "rowgroup" | "row" | "columnheader" | "rowheader" | "cell") {
  return { role };
}
