import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { AskFirst } from "#components/sessions/ask-first.tsx";
import { CopyValues } from "#components/sso/copy-values.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type ConnectionReading, getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { addDomainAction, removeDomainAction, verifyDomainAction } from "../../actions.ts";
import { ConnectionHeader } from "../connection-header.tsx";

export const metadata = { title: "Domains" };

export default async function DomainsPage({ params, searchParams }: PageProps<"/settings/sso/[id]/domains">) {
  const ctx = await requireContext();
  const { connection, domains } = await load(getConnection(ctx, (await params).id));
  const { done } = await searchParams;
  return (
    <>
      <ConnectionHeader connection={connection} part="domains" />
      <div className="grid max-w-3xl gap-6">
        {typeof done === "string" && DONE[done] && <Notice tone="success" role="status" title={DONE[done]} />}
        <p className="max-w-prose">
          Whoever types an e-mail address in a proven domain on the sign-in page is led to this connection.
          Prove a domain by a record in its DNS; leave the record there, for it is looked at again each day.
        </p>
        {domains.map((domain) => (
          <DomainCard key={domain.id} connectionId={connection.id} domain={domain} />
        ))}
        <Card title="Add a domain">
          <ActionForm action={addDomainAction} id="add" label="Add a domain">
            <Hidden name="connectionId" value={connection.id} />
            <Field
              name="domain"
              label="Domain"
              hint="What stands behind the @ of your people’s addresses, such as example.com."
              required
              maxLength={300}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              inputMode="url"
              unmanaged
            />
            <Submit tone={domains.length === 0 ? "primary" : "quiet"}>Add domain</Submit>
          </ActionForm>
        </Card>
      </div>
    </>
  );
}

const DONE: Record<string, string> = {
  added: "The domain is added. Prove it next.",
  proven: "The domain is proven.",
  removed: "The domain is removed.",
};

type Domain = ConnectionReading["domains"][number];

function DomainCard({ connectionId, domain }: { connectionId: string; domain: Domain }) {
  const { id, domain: name, challenge, recordName, provenAt } = domain;
  const fields = { connectionId, domainId: id };
  return (
    <Card title={name} actions={<ProofBadge domain={domain} />}>
      <div className="grid gap-5">
        <Since domain={domain} />
        {(provenAt === null || domain.missingSince) && (
          <>
            <p>
              Put this record into the DNS of {name}, then press “Prove”. It can take a while until it is
              seen.
            </p>
            <CopyValues
              values={[
                { label: "Name of the TXT record", value: recordName },
                { label: "Value", value: challenge },
              ]}
            />
            <ActionForm action={verifyDomainAction} id={`prove-${id}`} label={`Prove ${name}`}>
              <Hidden name="connectionId" value={connectionId} />
              <Hidden name="domainId" value={id} />
              <Submit>Prove</Submit>
            </ActionForm>
          </>
        )}
        <AskFirst
          action={removeDomainAction}
          press={`Remove ${name}`}
          fields={fields}
          question={`Remove ${name}?`}
          confirm="Remove"
        >
          <p>Its addresses do not lead here any more. Who is linked stays linked.</p>
        </AskFirst>
      </div>
    </Card>
  );
}

function ProofBadge({ domain: { provenAt, missingSince } }: { domain: Domain }) {
  if (provenAt === null) return <Badge tone="warning">Not proven yet</Badge>;
  return missingSince ? <Badge tone="error">Record missing</Badge> : <Badge tone="success">Proven</Badge>;
}

function Since({ domain: { provenAt, checkedAt, missingSince } }: { domain: Domain }) {
  if (provenAt === null) return null;
  if (missingSince) {
    return (
      <p>
        The record has been missing since <Moment at={missingSince} />. After a week the domain proves nothing
        any more.
      </p>
    );
  }
  return (
    <p className="text-ink-muted text-sm">
      Proven on <Moment at={provenAt} />
      {checkedAt && (
        <>
          , looked at last on <Moment at={checkedAt} />
        </>
      )}
      .
    </p>
  );
}
