import { PageHeader } from "#components/layout/page-header.tsx";
import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { getTestResult } from "#lib/auth/sso/connections/get-test-result.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { reasonInWords } from "../../../words.tsx";

export const metadata = { title: "Test sign-in" };

type Reading = Awaited<ReturnType<typeof getTestResult>>;
type CameThrough = Extract<NonNullable<Reading["result"]>, { outcome: "came_through" }>;

export default async function TestResultPage({ params }: PageProps<"/settings/sso/[id]/test/[flow]">) {
  const ctx = await requireContext();
  const { id, flow } = await params;
  const { connection, result, current } = await load(getTestResult(ctx, { connectionId: id, flowId: flow }));
  return (
    <>
      <PageHeader
        title="Test sign-in"
        breadcrumbs={[
          { href: "/settings/sso", label: "Single sign-on" },
          { href: `/settings/sso/${connection.id}`, label: connection.name },
        ]}
      />
      <div className="grid max-w-3xl gap-6">
        {result === undefined && (
          <Notice title="It is not finished">You have not come back from the provider yet.</Notice>
        )}
        {result && "reason" in result && <Refused result={result} />}
        {result && "outcome" in result && <Result result={result} />}
        {result && !current && (
          <Notice tone="warning" title="The draft has been changed since.">
            Test it again before it goes into service.
          </Notice>
        )}
        <div className="form-actions">
          <FormButton action={`/settings/sso/${connection.id}/test`}>Back to the test</FormButton>
          {current && result && "outcome" in result && (
            <FormButton action={`/settings/sso/${connection.id}/live`} tone="primary">
              Go live
            </FormButton>
          )}
        </div>
      </div>
    </>
  );
}

function Refused({
  result: { reason, detail },
}: {
  result: { reason: string; detail?: Record<string, string> };
}) {
  const details = Object.entries(detail ?? {});
  return (
    <>
      <Notice tone="error" role="alert" title="The sign-in did not come through.">
        {reasonInWords(reason)}
      </Notice>
      <Card title="Details">
        <Facts
          facts={[
            { label: "Reason", value: <code>{reason}</code> },
            ...details.map(([label, value]) => ({ label, value: <code>{value}</code> })),
          ]}
        />
      </Card>
    </>
  );
}

function Result({ result }: { result: CameThrough }) {
  return (
    <>
      <Notice tone="success" title="The sign-in came through.">
        Nobody is signed in by it, and nothing was written down but this result.
      </Notice>
      <Card title="What the provider says">
        <Facts facts={saidBy(result)} />
      </Card>
      <Card title="What would come of it">
        <Facts
          facts={[
            { label: "Account", value: memberInWords(result) },
            { label: "Security group", value: groupInWords(result) },
            { label: "Address written down", value: result.address ?? "None: nobody vouches for it" },
          ]}
        />
      </Card>
    </>
  );
}

function saidBy({ subject, claims, strong }: CameThrough) {
  const { email, emailVerified, name, username, groups } = claims;
  return [
    { label: "Subject", value: <code className="break-all">{subject}</code> },
    { label: "E-mail address", value: email ? `${email}${emailVerified ? ", verified" : ""}` : "None" },
    { label: "Name", value: name ?? "None" },
    ...(username ? [{ label: "Username", value: username }] : []),
    { label: "Groups", value: groups.length > 0 ? <Groups groups={groups} /> : "None" },
    {
      label: "Second factor",
      value: strong ? "The provider has asked for one" : "The provider says nothing of one",
    },
  ];
}

function Groups({ groups }: { groups: string[] }) {
  return (
    <ul className="grid gap-1">
      {groups.map((group) => (
        <li key={group} className="break-all">
          {group}
        </li>
      ))}
    </ul>
  );
}

function memberInWords({ member }: CameThrough): string {
  if (!member) return "Nobody’s yet: what comes next is what you have chosen for a first sign-in";
  return member.by === "linked" ? `${member.name}, who is linked` : `${member.name}, by the proven domain`;
}

function groupInWords({ groupName, mapped }: CameThrough): string {
  if (groupName) return groupName;
  return mapped ? "None: whoever it is would be turned away" : "As it is in the portal: there are no rules";
}
