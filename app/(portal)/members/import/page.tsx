import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import { listImports } from "#lib/imports/list-imports.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { UploadForm } from "./upload-form.tsx";
import { LISTS, STATUSES } from "./words.ts";

export const metadata = { title: "Import" };

type Listed = Awaited<ReturnType<typeof listImports>>["imports"][number];

/** Where a file of members or contacts is chosen (D6), and what became of those before. */
export default async function ImportPage({ searchParams }: PageProps<"/members/import">) {
  const ctx = await requireContext();
  const { kind: wanted, problem } = await searchParams;
  const { kind, imports } = await load(listImports(ctx, wanted));
  const list = LISTS[kind];
  return (
    <>
      <PageHeader
        title={list.title}
        description="From a file that a spreadsheet or another system has saved as CSV."
        breadcrumbs={[list.crumb]}
      />
      <div className="grid gap-6">
        <UploadForm kind={kind} problem={problem} />
        {imports.length > 0 && (
          <Card title="Your imports" flush>
            <Table caption="Your imports" rows={imports} rowKey={({ id }) => id} columns={COLUMNS} />
          </Card>
        )}
      </div>
    </>
  );
}

const COLUMNS: TableColumn<Listed>[] = [
  {
    key: "file",
    header: "File",
    rowHeader: true,
    cell: ({ id, fileName }) => <a href={`/members/import/${id}`}>{fileName}</a>,
  },
  { key: "lines", header: "People", align: "end", cell: ({ lines }) => lines.toLocaleString("en") },
  { key: "status", header: "Status", cell: ({ status }) => STATUSES[status] },
  { key: "at", header: "Uploaded", cell: ({ createdAt }) => <Moment at={createdAt} /> },
];
