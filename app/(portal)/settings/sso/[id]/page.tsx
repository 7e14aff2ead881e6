import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Table } from "#components/ui/table.tsx";
import { type ConnectionReading, getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { reasonInWords } from "../words.tsx";
import { ConnectionHeader } from "./connection-header.tsx";
import { nextStep, STEPS } from "./set-up-steps.tsx";

export const metadata = { title: "Connection" };

type Search = Record<string, string | string[] | undefined>;

export default async function ConnectionPage({ params, searchParams }: PageProps<"/settings/sso/[id]">) {
  const ctx = await requireContext();
  const reading = await load(getConnection(ctx, (await params).id));
  const { connection } = reading;
  return (
    <>
      <ConnectionHeader connection={connection} part="overview" />
      <div className="grid max-w-3xl gap-6">
        <Done search={await searchParams} />
        <Standing reading={reading} />
        {connection.state !== "retired" && <Elsewhere reading={reading} />}
        <History reading={reading} />
        {connection.state !== "retired" && <Ends id={connection.id} />}
      </div>
    </>
  );
}

function Done({ search }: { search: Search }) {
  if (search.live !== undefined) {
    return (
      <Notice tone="success" role="status" title="The connection is live.">
        People sign in by these settings from now on.
      </Notice>
    );
  }
  if (search.back !== undefined) {
    return <Notice tone="success" role="status" title="The earlier settings serve again." />;
  }
  if (search.discarded !== undefined)
    return <Notice tone="success" role="status" title="The draft is gone." />;
  return null;
}

function Standing({ reading }: { reading: ConnectionReading }) {
  const { connection, serving, former, draft, people } = reading;
  const step = STEPS.find(({ path }) => path === nextStep(reading));
  return (
    <Card
      title="Where it stands"
      footer={
        connection.state !== "retired" &&
        step && (
          <FormButton action={`/settings/sso/${connection.id}/${step.path}`} tone="primary">
            {`Next: ${step.label}`}
          </FormButton>
        )
      }
    >
      <Facts
        facts={[
          { label: "Serves", value: serving ? <Serves configuration={serving} /> : "Nobody yet" },
          ...(former?.servesUntil
            ? [{ label: "Beside it", value: <Beside until={former.servesUntil} /> }]
            : []),
          { label: "Draft", value: draft ? <Draft testedAt={draft.testedAt} /> : "None" },
          ...((serving ?? draft)?.certificates.map(certificateFact) ?? []),
          { label: "People", value: people === 1 ? "1 signs in by it" : `${people} sign in by it` },
        ]}
      />
    </Card>
  );
}

type Certificate = NonNullable<ConnectionReading["serving"]>["certificates"][number];

function certificateFact({ whose, validTo }: Certificate, index: number) {
  const what = whose === "own" ? "Certificate of the portal" : `Certificate ${index + 1} of the provider`;
  return {
    label: what,
    value: (
      <>
        Until <Moment at={validTo} />
      </>
    ),
  };
}

type Served = NonNullable<ConnectionReading["serving"]>;

function Serves({ configuration: { servingSince, successes, failures } }: { configuration: Served }) {
  return (
    <>
      {servingSince && (
        <>
          Since <Moment at={servingSince} />
        </>
      )}
      <span className="block text-ink-muted">
        {counted(successes, "sign-in")}, {counted(failures, "failure")}
      </span>
    </>
  );
}

function Beside({ until }: { until: Date }) {
  return (
    <>
      The earlier settings, until <Moment at={until} />
    </>
  );
}

function Draft({ testedAt }: { testedAt: Date | null }) {
  if (testedAt === null) return "Not tested yet";
  return (
    <>
      Tested on <Moment at={testedAt} />
    </>
  );
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** What can be left to somebody else. */
function Elsewhere({ reading: { connection, setupLink } }: { reading: ConnectionReading }) {
  return (
    <Card
      title="Somebody else knows the provider?"
      description="Mail one person a link. It opens the form for this connection and nothing else, without an account."
    >
      <div className="grid justify-items-start gap-3">
        {setupLink && (
          <p>
            A link is on its way to <strong>{setupLink.toAddress}</strong>, until{" "}
            <Moment at={setupLink.expiresAt} />.
          </p>
        )}
        <FormButton action={`/settings/sso/${connection.id}/setup-link`}>Set-up link</FormButton>
      </div>
    </Card>
  );
}

type Past = ConnectionReading["past"][number];

function History({ reading: { past } }: { reading: ConnectionReading }) {
  if (past.length === 0) return null;
  return (
    <Card title="Earlier settings" flush>
      <Table
        caption="Earlier settings"
        rows={past}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "since",
            header: "Served from",
            rowHeader: true,
            cell: (one) => <When at={one.servingSince} />,
          },
          { key: "until", header: "Until", cell: (one) => <When at={one.servesUntil} /> },
          {
            key: "outcome",
            header: "Sign-ins",
            cell: ({ successes, failures }) =>
              `${counted(successes, "sign-in")}, ${counted(failures, "failure")}`,
          },
          { key: "why", header: "Why it ended", cell: (one) => <Why past={one} /> },
        ]}
      />
    </Card>
  );
}

function When({ at }: { at: Date | null }) {
  return at ? <Moment at={at} /> : "Never";
}

function Why({ past: { failedBecause } }: { past: Past }) {
  if (failedBecause === null) return "Others took its place";
  return failedBecause === "by_administrator"
    ? reasonInWords(failedBecause)
    : `Taken back by itself. ${reasonInWords(failedBecause)}`;
}

function Ends({ id }: { id: string }) {
  return (
    <Card
      title="Retire"
      description="Nobody signs in by it any more, for good. Its people become local accounts."
    >
      <FormButton action={`/settings/sso/${id}/retire`}>Retire this connection</FormButton>
    </Card>
  );
}
