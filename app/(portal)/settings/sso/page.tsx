import { KeyRound } from "lucide-react";
import { PageHeader } from "#components/layout/page-header.tsx";
import { KIND_NAMES, providerName } from "#components/sso/provider-guides.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import { Table } from "#components/ui/table.tsx";
import { listConnections } from "#lib/auth/sso/connections/list-connections.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { StateBadge } from "./words.tsx";

export const metadata = { title: "Single sign-on" };

type Connection = Awaited<ReturnType<typeof listConnections>>[number];

export default async function SsoPage({ searchParams }: PageProps<"/settings/sso">) {
  const ctx = await requireContext();
  const connections = await load(listConnections(ctx));
  const { retired } = await searchParams;
  return (
    <>
      <PageHeader
        title="Single sign-on"
        description={`By which identity providers people of ${ctx.tenant.name} sign in. Whoever does has no password here.`}
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
        actions={
          connections.length > 0 && (
            <FormButton action="/settings/sso/new" tone="primary">
              New connection
            </FormButton>
          )
        }
      />
      <div className="grid gap-6">
        {retired !== undefined && (
          <Notice tone="success" role="status" title="The connection is retired.">
            Nobody signs in by it any more.
          </Notice>
        )}
        <Card flush>
          <Table
            caption="Connections"
            rows={connections}
            rowKey={({ id }) => id}
            empty={<NoConnections />}
            columns={[
              { key: "name", header: "Name", rowHeader: true, cell: (one) => <Name connection={one} /> },
              { key: "state", header: "State", cell: (one) => <State connection={one} /> },
              { key: "people", header: "People", align: "end", cell: ({ people }) => sayCounted(people) },
              { key: "domains", header: "Domains", cell: ({ domains }) => <Domains domains={domains} /> },
            ]}
          />
        </Card>
        {connections.length > 0 && <OnlyWayIn />}
      </div>
    </>
  );
}

function OnlyWayIn() {
  return (
    <Card
      title="The only way in"
      description="Require single sign-on, once it works for those who need it, and say who still gets in when a provider is away."
    >
      <FormButton action="/settings/sso/enforcement">SSO as the only way in</FormButton>
    </Card>
  );
}

function NoConnections() {
  return (
    <EmptyState
      title="There is no connection yet"
      icon={<KeyRound aria-hidden="true" size={28} />}
      action={
        <FormButton action="/settings/sso/new" tone="primary">
          Connect a provider
        </FormButton>
      }
    >
      Connect Microsoft Entra ID, Okta, Google, Keycloak, AD FS or another provider. It takes about ten
      minutes, and nobody’s sign-in changes before you say so.
    </EmptyState>
  );
}

function Name({ connection: { id, name, provider, kind } }: { connection: Connection }) {
  return (
    <>
      <a href={`/settings/sso/${id}`}>{name}</a>
      <span className="block font-normal text-ink-muted">
        {providerName(provider)}, {KIND_NAMES[kind]}
      </span>
    </>
  );
}

function State({ connection: { state, hasDraft } }: { connection: Connection }) {
  return (
    <span className="flex flex-wrap gap-2">
      <StateBadge state={state} />
      {state === "live" && hasDraft && <Badge tone="info">With a draft</Badge>}
    </span>
  );
}

function Domains({ domains }: { domains: string[] }) {
  if (domains.length === 0) return <span className="text-ink-muted">None proven</span>;
  return domains.join(", ");
}
