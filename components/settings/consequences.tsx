import { Notice } from "#components/ui/notice.tsx";
import { Table } from "#components/ui/table.tsx";

type Person = { name: string; kind: "staff" | "contact"; meanings: readonly string[] };

export type Simulated = {
  total: number;
  enrolling: number;
  /** The day from which they have to, where it lies ahead. */
  enrollingFrom?: string;
  confirming: number;
  changing: number;
  /** The day on which the first password becomes too old that is still good. */
  firstEndsOn?: string;
  locked: number;
  outOf: number;
  relieved: number;
  people: Person[];
};

type ConsequencesProps = {
  simulation: Simulated;
  /** Whether leaked passwords are looked for from then on, which nobody can count. */
  leaked: boolean;
};

const FEW = 10;

/** Whom a change of the firm's options would ask to do what at the next sign-in. */
export function Consequences({ simulation, leaked }: ConsequencesProps) {
  const { total, people } = simulation;
  const sentences = details(simulation, leaked);
  return (
    <>
      <Notice tone={total > 0 ? "warning" : "info"} title={headline(simulation)}>
        {sentences.length > 0 && sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}
      </Notice>
      {people.length > 0 && (
        // A long list must not hide what follows it.
        <details open={people.length <= FEW} className="card">
          <summary className="cursor-pointer rounded-lg px-5 py-4 font-semibold sm:px-6">
            Who has to act: {total === 1 ? "1 person" : `${total} people`}
          </summary>
          <People people={people} />
          {total > people.length && (
            <p className="border-line border-t px-5 py-4 text-ink-muted text-sm sm:px-6">
              {others(total - people.length)}
            </p>
          )}
        </details>
      )}
    </>
  );
}

function headline(simulation: Simulated): string {
  return asked(simulation)[0] ?? "This would ask nobody to do anything at their next sign-in.";
}

function details(simulation: Simulated, leaked: boolean): string[] {
  const { relieved, outOf, changing, firstEndsOn } = simulation;
  return [
    ...asked(simulation).slice(1),
    // Those that have ended by then are counted above.
    firstEndsOn !== undefined && `The ${changing > 0 ? "next" : "first"} passwords end on ${firstEndsOn}.`,
    relieved > 0 && `${some(relieved, outOf)} would no longer have to do anything there.`,
    leaked &&
      "Whoever has a password that leaked elsewhere is asked for another one, too. How many they are shows at their sign-in only: nobody can read passwords.",
  ].filter((sentence) => sentence !== false);
}

/** What it would ask, of how many. Somebody may be in more than one of these numbers. */
function asked({ enrolling, enrollingFrom, confirming, changing, locked, outOf }: Simulated): string[] {
  const enrolled = `${some(enrolling, outOf)} to set up a second factor`;
  return [
    enrolling > 0 &&
      (enrollingFrom
        ? `From ${enrollingFrom} on this would ask ${enrolled}.`
        : `This would ask ${enrolled} at their next sign-in.`),
    changing > 0 && `This would ask ${some(changing, outOf)} to change their password at their next sign-in.`,
    confirming > 0 &&
      `This would ask ${some(confirming, outOf)} for their second factor again where a browser is remembered now.`,
    locked > 0 && `This would lock ${some(locked, outOf)} out until their password is reset.`,
  ].filter((sentence) => sentence !== false);
}

const some = (number: number, outOf: number) =>
  `${number} of ${outOf === 1 ? "1 person" : `${outOf} people`}`;

function others(number: number): string {
  return `And ${number} more. At most 100 are named, of those whom you may see.`;
}

const MEANINGS: Record<string, string> = {
  enroll_second_factor: "Must set up a second factor",
  second_factor: "Is asked for the second factor in a remembered browser",
  expired: "Must change a password that is too old",
  rules_changed: "Must change a password that weaker rules accepted",
  locked: "Locked out until a reset",
};

function People({ people }: { people: Person[] }) {
  // Two people may have one name.
  const rows = people.map((person, position) => ({ ...person, position }));
  return (
    <Table
      caption="Who has to act"
      rows={rows}
      rowKey={({ position }) => position}
      columns={[
        { key: "name", header: "Name", rowHeader: true, cell: ({ name }) => name },
        { key: "kind", header: "Kind", cell: ({ kind }) => (kind === "staff" ? "Staff" : "Contact") },
        {
          key: "meaning",
          header: "What it means",
          cell: ({ meanings }) => <Meanings meanings={meanings} />,
        },
      ]}
    />
  );
}

function Meanings({ meanings }: Pick<Person, "meanings">) {
  return meanings.map((meaning) => (
    <span key={meaning} className="block">
      {MEANINGS[meaning] ?? "Must change the password"}
    </span>
  ));
}
