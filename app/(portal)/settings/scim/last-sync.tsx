import { Badge } from "#components/ui/badge.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Table } from "#components/ui/table.tsx";
import type { ListedDirectory } from "#lib/scim/list-directories.ts";

/** What the directory asked for last, and what to do about what went wrong. */
export function LastSync({ directory }: { directory: ListedDirectory }) {
  const { name, requests, failures } = directory;
  const [latest] = requests;
  return (
    <div className="grid gap-4">
      <div className="grid gap-2 px-5 sm:px-6">
        <h3>Last sync</h3>
        {latest ? (
          <p>
            The directory asked for something last on <Moment at={latest.at} seconds />.
          </p>
        ) : (
          <p>Nothing yet. Once the directory has a token, what it asks for stands here.</p>
        )}
        {latest && failures.length === 0 && (
          <Notice tone="success">Nothing has gone wrong in the last 30 days.</Notice>
        )}
      </div>
      {failures.length > 0 && <Failures name={name} failures={failures} />}
      {latest && <Requests name={name} requests={requests} />}
    </div>
  );
}

function Failures({ name, failures }: Pick<ListedDirectory, "name" | "failures">) {
  return (
    <Table
      caption={`What went wrong with ${name}`}
      captionVisible
      rows={failures}
      rowKey={({ id }) => id}
      columns={[
        { key: "what", header: "Asked for", rowHeader: true, cell: (one) => <Operation {...one} /> },
        { key: "why", header: "What was wrong", cell: ({ detail }) => <Broken text={detail ?? "–"} /> },
        { key: "help", header: "What to do", cell: ({ advice }) => advice },
        { key: "at", header: "When", cell: ({ at }) => <Moment at={at} seconds /> },
      ]}
    />
  );
}

function Requests({ name, requests }: Pick<ListedDirectory, "name" | "requests">) {
  return (
    <details className="px-5 sm:px-6">
      <summary className="min-h-6 cursor-pointer py-0.5 font-semibold text-sm">The last requests</summary>
      <div className="pt-3">
        <Table
          caption={`The last requests of ${name}`}
          rows={requests}
          rowKey={({ id }) => id}
          columns={[
            { key: "what", header: "Asked for", rowHeader: true, cell: (one) => <Operation {...one} /> },
            { key: "result", header: "Result", cell: ({ status }) => <Result status={status} /> },
            { key: "at", header: "When", cell: ({ at }) => <Moment at={at} seconds /> },
          ]}
        />
      </div>
    </details>
  );
}

function Operation({ operation }: { operation: string }) {
  return <code className="break-words">{operation}</code>;
}

function Broken({ text }: { text: string }) {
  return <span className="break-words">{text}</span>;
}

function Result({ status }: { status: number }) {
  return status < 400 ? (
    <Badge tone="success">Done, {status}</Badge>
  ) : (
    <Badge tone="error">Refused, {status}</Badge>
  );
}
