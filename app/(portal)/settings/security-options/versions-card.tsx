import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Table } from "#components/ui/table.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import type { OptionsVersion } from "#lib/settings/read-versions.ts";
import { changeInWords } from "./option-words.ts";
import { savedAt } from "./saved-at.ts";

type Versions = readonly [OptionsVersion, ...OptionsVersion[]];

/** Who set what and when; each version can be gone back to. */
export function VersionsCard({ versions, timeZone }: { versions: Versions; timeZone: string }) {
  const current = versions[0].version;
  return (
    <Card title="Versions" description="Every change is kept, and can be undone." flush>
      <Table
        caption="Versions of the security options"
        rows={[...versions]}
        rowKey={({ version }) => version}
        columns={[
          {
            key: "version",
            header: "Version",
            rowHeader: true,
            cell: (one) => <Version version={one.version} counts={one.version === current} />,
          },
          { key: "saved", header: "Saved", cell: (one) => <Saved version={one} /> },
          {
            key: "what",
            header: "What changed",
            cell: (one) => <Changes version={one} timeZone={timeZone} />,
          },
          {
            key: "back",
            header: "Go back",
            actions: true,
            align: "end",
            cell: ({ version }) => <Back version={version} current={current} />,
          },
        ]}
      />
    </Card>
  );
}

function Version({ version, counts }: { version: number; counts: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      {version}
      {counts && <Badge tone="success">Counts now</Badge>}
    </span>
  );
}

function Saved({ version: { by, at } }: { version: OptionsVersion }) {
  return (
    <>
      {by ?? "The portal"}
      <span className="block text-ink-muted">{savedAt(at)}</span>
    </>
  );
}

const FEW = 4;

type ChangesProps = { version: OptionsVersion; timeZone: string };

function Changes({ version: { version, changes, restoredVersion }, timeZone }: ChangesProps) {
  if (version === 0) return "The options with which the firm began";
  const list = <ChangeList changes={changes} timeZone={timeZone} />;
  return (
    <div className="grid gap-1">
      {restoredVersion !== undefined && <p>Back to version {restoredVersion}</p>}
      {changes.length <= FEW ? (
        list
      ) : (
        <details>
          <summary className="cursor-pointer">{changes.length} options</summary>
          {list}
        </details>
      )}
    </div>
  );
}

function ChangeList({ changes, timeZone }: { changes: OptionsVersion["changes"]; timeZone: string }) {
  return (
    <ul className="grid gap-1">
      {changes
        .map((change) => changeInWords(change, timeZone))
        .map(({ option, from, to }) => (
          <li key={option}>
            {option}: {from} <span aria-hidden="true">→</span>
            <VisuallyHidden>to</VisuallyHidden> {to}
          </li>
        ))}
    </ul>
  );
}

/** The newest one is undone by going back to the one before it. */
function Back({ version, current }: { version: number; current: number }) {
  const target = version === current ? current - 1 : version;
  if (target < 0) return null;
  return (
    <FormButton action={`/settings/security-options/versions/${target}`} size="small">
      <span className="whitespace-nowrap">{version === current ? "Undo" : "Go back"}</span>
      <VisuallyHidden> {version === current ? `version ${version}` : `to version ${version}`}</VisuallyHidden>
    </FormButton>
  );
}
