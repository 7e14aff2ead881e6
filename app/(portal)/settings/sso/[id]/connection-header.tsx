import { PageHeader } from "#components/layout/page-header.tsx";
import { TabRow } from "#components/layout/tab-row.tsx";
import { KIND_NAMES, providerName } from "#components/sso/provider-guides.ts";
import type { Connection } from "#lib/auth/sso/configuration.ts";
import { StateBadge } from "../words.tsx";

type Part = "overview" | "values" | "people" | "domains" | "none";

/** The head of each page of a connection, with the way to the others. */
export function ConnectionHeader({ connection, part }: { connection: Connection; part: Part }) {
  const { id, name, kind, provider, state } = connection;
  const base = `/settings/sso/${id}`;
  const tabs = [
    { href: base, label: "Overview", part: "overview" },
    { href: `${base}/values`, label: "Set-up", part: "values" },
    { href: `${base}/people`, label: "People and groups", part: "people" },
    { href: `${base}/domains`, label: "Domains", part: "domains" },
  ];
  return (
    <>
      <PageHeader
        title={name}
        description={
          <span className="flex flex-wrap items-center gap-2">
            <StateBadge state={state} />
            {providerName(provider)}, by {KIND_NAMES[kind]}
          </span>
        }
        breadcrumbs={[
          { href: "/settings", label: "Settings" },
          { href: "/settings/sso", label: "Single sign-on" },
        ]}
      />
      {state !== "retired" && (
        <TabRow
          label={name}
          tabs={tabs.map(({ href, label }) => ({ href, label }))}
          currentPath={tabs.find((tab) => tab.part === part)?.href ?? ""}
        />
      )}
    </>
  );
}
