import { PageHeader } from "#components/layout/page-header.tsx";
import { getImport, type ImportView } from "#lib/imports/get-import.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { LISTS } from "../words.ts";
import { Columns } from "./columns.tsx";
import { Preview } from "./preview.tsx";
import { ProblemsCard } from "./problems-card.tsx";
import { Result } from "./result.tsx";
import { UnderWay } from "./under-way.tsx";

export const metadata = { title: "Import" };

/** A file of people on its way: its columns, the look through it, what it would do, and what it did (D6). */
export default async function OneImportPage({ params, searchParams }: PageProps<"/members/import/[id]">) {
  const ctx = await requireContext();
  const found = await load(getImport(ctx, { ...(await searchParams), id: (await params).id }));
  const { title, crumb } = LISTS[found.kind];
  return (
    <>
      <PageHeader
        title={title}
        description={found.fileName}
        breadcrumbs={[crumb, { href: `/members/import?kind=${found.kind}`, label: title }]}
      />
      <div className="grid gap-6">
        {stepOf(found)}
        {found.status !== "uploaded" && <ProblemsCard found={found} />}
      </div>
    </>
  );
}

function stepOf(found: ImportView) {
  if (found.status === "uploaded") return <Columns found={found} />;
  if (found.status === "checking" || found.status === "running") return <UnderWay found={found} />;
  return found.status === "checked" ? <Preview found={found} /> : <Result found={found} />;
}
