import { RevokeToken } from "#components/api-tokens/revoke-token.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { Table } from "#components/ui/table.tsx";
import type { ListedDirectory } from "#lib/scim/list-directories.ts";
import { revokeScimTokenAction } from "./actions.ts";
import { GenerateForm } from "./generate-form.tsx";
import { LastSync } from "./last-sync.tsx";

/** The directory of one connection: its tokens, what it has brought, and what it asked last. */
export function DirectoryCard({ directory }: { directory: ListedDirectory }) {
  const { name, tokens, users, groups } = directory;
  return (
    <Card
      title={name}
      description={`From its directory: ${counted(users, "user")} and ${counted(groups, "group")}.`}
      flush
    >
      <div className="grid gap-6 pb-6">
        <Table
          caption={`Tokens of ${name}`}
          rows={tokens}
          rowKey={({ id }) => id}
          empty={<EmptyState title="There is no token">The directory is told one to be let in.</EmptyState>}
          columns={[
            { key: "name", header: "Name", rowHeader: true, cell: (token) => token.name },
            { key: "token", header: "Token", cell: ({ hint }) => <code>{hint}…</code> },
            { key: "expires", header: "Good until", cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
            {
              key: "used",
              header: "Last used",
              cell: ({ lastUsedAt }) => (lastUsedAt ? <Moment at={lastUsedAt} /> : "Never"),
            },
            {
              key: "revoke",
              header: "Revoke",
              actions: true,
              align: "end",
              cell: (token) => (
                <RevokeToken action={revokeScimTokenAction} token={token} back="/settings/scim" />
              ),
            },
          ]}
        />
        <div className="px-5 sm:px-6">
          <GenerateForm connection={directory} isFirst={tokens.length === 0} />
        </div>
        <LastSync directory={directory} />
      </div>
    </Card>
  );
}

function counted(number: number, what: string): string {
  if (number === 0) return `no ${what}`;
  return number === 1 ? `1 ${what}` : `${sayCounted(number)} ${what}s`;
}
