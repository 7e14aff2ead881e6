import { FirmMark } from "#components/layout/firm-mark.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { openApiDocument } from "#lib/api/openapi.ts";
import { OPERATIONS } from "#lib/api/registry.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { visitorContext } from "#lib/web/context.ts";
import { OperationEntry } from "./operation-entry.tsx";
import { Rules } from "./rules.tsx";

export const metadata = { title: "REST API" };

/** The API for people, at /api/v1 (next.config.ts): made of the document that programs read. */
export default async function ReferencePage() {
  const { tenant } = await visitorContext();
  const document = openApiDocument(OPERATIONS);
  return (
    <main className="mx-auto grid max-w-4xl gap-8 px-4 py-6 sm:px-6 sm:py-10">
      <div>
        <p className="mb-6 flex items-center gap-3 font-semibold">
          <FirmMark name={tenant.name} />
          <span className="min-w-0">{tenant.name}</span>
        </p>
        <PageHeader
          title="REST API"
          description={
            <>
              What people do on the pages, programs do here: by the same use cases, with the same permissions,
              in the same audit log. <a href="/api/v1/openapi.json">OpenAPI 3.1 document</a>
            </>
          }
        />
        <Contents tags={document.tags.map(({ name }) => name)} />
      </div>
      <Rules portal={firmOrigin(tenant.slug)} />
      {document.tags.map(({ name }) => (
        <section key={name} aria-labelledby={anchorOf(name)} className="grid gap-3">
          <h2 id={anchorOf(name)} className="text-xl">
            {name}
          </h2>
          {OPERATIONS.filter(({ tag }) => tag === name).map(({ id, method, path }) => (
            <OperationEntry
              key={id}
              method={method}
              path={path}
              operation={document.paths[path]?.[method.toLowerCase()]}
              schemas={document.components.schemas}
            />
          ))}
        </section>
      ))}
    </main>
  );
}

function Contents({ tags }: { tags: string[] }) {
  return (
    <nav aria-label="Contents">
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {tags.map((tag) => (
          <li key={tag}>
            <a href={`#${anchorOf(tag)}`}>{tag}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function anchorOf(tag: string): string {
  return tag.toLowerCase().replaceAll(" ", "-");
}
