import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Consequences } from "#components/settings/consequences.tsx";
import { Differences } from "#components/settings/differences.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { optionChanges } from "#lib/policy/option-changes.ts";
import { getFirmSettings } from "#lib/settings/get-firm-settings.ts";
import { getSecurityOptionsVersion } from "#lib/settings/get-security-options-version.ts";
import { simulateSecurityOptions } from "#lib/settings/simulate-security-options.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { restoreOptionsAction } from "../../actions.ts";
import { changeInWords } from "../../option-words.ts";
import { savedAt } from "../../saved-at.ts";
import { simulationInWords } from "../../simulation-in-words.ts";

export const metadata = { title: "Go back to a version" };

const HERE = "/settings/security-options";

type Restoration = Awaited<ReturnType<typeof getSecurityOptionsVersion>>;

export default async function VersionPage({
  params,
}: PageProps<"/settings/security-options/versions/[version]">) {
  const ctx = await requireContext();
  const restoration = await load(getSecurityOptionsVersion(ctx, Number((await params).version)));
  const { wanted, current } = restoration;
  const { timeZone } = await load(getFirmSettings(ctx));
  const changes = optionChanges(current.options, wanted.options);
  const simulation = await load(simulateSecurityOptions(ctx, wanted.options));
  return (
    <>
      <PageHeader
        title={wordsFor(restoration).title}
        description={about(restoration)}
        breadcrumbs={[
          { href: "/settings", label: "Settings" },
          { href: HERE, label: "Security options" },
        ]}
      />
      <div className="grid max-w-4xl gap-6">
        {changes.length > 0 && (
          <Consequences
            simulation={simulationInWords(simulation, timeZone)}
            leaked={wanted.options.breachList && !current.options.breachList}
          />
        )}
        <Card title="What changes" flush>
          {changes.length > 0 ? (
            <Differences changes={changes.map((change) => changeInWords(change, timeZone))} />
          ) : (
            <EmptyState title="Nothing: these options count already" />
          )}
        </Card>
        <div className="form-actions">
          {changes.length > 0 && <Restore restoration={restoration} />}
          <FormButton action={HERE}>Back</FormButton>
        </div>
      </div>
    </>
  );
}

function Restore({ restoration }: { restoration: Restoration }) {
  const { wanted, current } = restoration;
  return (
    <ActionForm action={restoreOptionsAction} label="Go back to a version" className="grid gap-4">
      <input type="hidden" name="version" value={wanted.version} />
      <input type="hidden" name="basedOnVersion" value={current.version} />
      <Submit>{wordsFor(restoration).press}</Submit>
    </ActionForm>
  );
}

function wordsFor({ wanted, current }: Restoration): { title: string; press: string } {
  if (wanted.version === current.version - 1)
    return { title: `Undo version ${current.version}`, press: "Undo" };
  return { title: `Go back to version ${wanted.version}`, press: "Go back" };
}

function about({ wanted: { version, by, at } }: Restoration): string {
  const saved =
    version === 0
      ? "the options with which the firm began"
      : `saved by ${by ?? "the portal"}, ${savedAt(at)}`;
  return `Version ${version}: ${saved}. Going back makes a new version of it; nothing is lost.`;
}
