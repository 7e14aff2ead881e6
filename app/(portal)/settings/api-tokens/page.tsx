import { RevokeToken } from "#components/api-tokens/revoke-token.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Pager } from "#components/members/pager.tsx";
import { PeopleSearch } from "#components/members/people-search.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Table } from "#components/ui/table.tsx";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { findTokenOwners } from "#lib/auth/api-tokens/find-token-owners.ts";
import { listApiTokens } from "#lib/auth/api-tokens/list-api-tokens.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { revokeApiTokenAction } from "./actions.ts";

export const metadata = { title: "API tokens" };

const HERE = "/settings/api-tokens";

type Token = Awaited<ReturnType<typeof listApiTokens>>["tokens"][number];

export default async function ApiTokensPage({ searchParams }: PageProps<"/settings/api-tokens">) {
  const ctx = await requireContext();
  const wish = await searchParams;
  const { tokens, after, next } = await load(listApiTokens(ctx, wish));
  const typed = typeof wish.q === "string" ? wish.q : "";
  const found = await load(findTokenOwners(ctx, typed));
  return (
    <>
      <PageHeader
        title="API tokens"
        description={`By which programs work in the names of people of ${ctx.tenant.name}. Each stands here until it ends.`}
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
      />
      <div className="grid gap-6">
        <Card
          title="For whom?"
          description="Find somebody of the staff to generate a token for, or to see theirs."
        >
          <div className="grid gap-4">
            <PeopleSearch action={HERE} typed={typed} hint="The beginning of a name, username or e-mail." />
            {typed !== "" && <Found people={found} />}
          </div>
        </Card>
        <Card title="Good now" flush>
          <Table
            caption="API tokens that are good now"
            rows={tokens}
            rowKey={({ id }) => id}
            empty={<EmptyState title="There is no API token" />}
            columns={[
              { key: "owner", header: "Owner", rowHeader: true, cell: ({ owner }) => <Owner {...owner} /> },
              { key: "token", header: "Token", cell: ({ hint }) => <code>{hint}…</code> },
              { key: "scopes", header: "May do", cell: ({ scopes }) => <Scopes scopes={scopes} /> },
              { key: "expires", header: "Good until", cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
              { key: "used", header: "Last used", cell: (token) => <LastUse token={token} /> },
              {
                key: "revoke",
                header: "Revoke",
                actions: true,
                align: "end",
                cell: (token) => <RevokeToken action={revokeApiTokenAction} token={token} back={HERE} />,
              },
            ]}
          />
          <Pager path={HERE} wish={{}} place="after" next={next} begun={after !== undefined} />
        </Card>
      </div>
    </>
  );
}

function Found({ people }: { people: { id: string; name: string; username: string }[] }) {
  if (people.length === 0) return <p>Nobody of the staff is called that.</p>;
  return (
    <ul className="grid gap-1">
      {people.map((person) => (
        <li key={person.id}>
          <Owner {...person} />
        </li>
      ))}
    </ul>
  );
}

function Owner({ id, name, username }: { id: string; name: string; username: string }) {
  return (
    <>
      <a href={`${HERE}/${id}`}>{name}</a> <span className="font-normal text-ink-muted">{username}</span>
    </>
  );
}

function Scopes({ scopes }: { scopes: string[] }) {
  return (
    <details>
      <summary className="cursor-pointer">
        {scopes.length === 1 ? "1 thing" : `${scopes.length} things`}
      </summary>
      <ul className="mt-1 grid gap-1">
        {scopes.map((scope) => (
          <li key={scope}>{PERMISSIONS[scope as Permission] ?? scope}</li>
        ))}
      </ul>
    </details>
  );
}

function LastUse({ token: { lastUsedAt, lastUsedSource, replacedAt } }: { token: Token }) {
  return (
    <>
      {lastUsedAt ? <Moment at={lastUsedAt} /> : "Never"}
      {lastUsedSource && <span className="block text-ink-muted">from {lastUsedSource}</span>}
      {replacedAt && <span className="block text-ink-muted">Replaced by a newer one</span>}
    </>
  );
}
