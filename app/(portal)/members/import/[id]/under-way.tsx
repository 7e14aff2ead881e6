import { AutoRefresh } from "#components/members/auto-refresh.tsx";
import { Card } from "#components/ui/card.tsx";
import type { ImportView } from "#lib/imports/get-import.ts";
import { lines } from "../words.ts";
import { CancelForm } from "./cancel-form.tsx";
import { Counts } from "./counts.tsx";

const REFRESH_SECONDS = 2;

/** How far a check or an import has got. It goes on by itself, whoever looks. */
export function UnderWay({ found }: { found: ImportView }) {
  const checking = found.status === "checking";
  return (
    <Card
      title={checking ? "Checking" : "Importing"}
      description={
        checking
          ? "Nobody is changed yet."
          : "You can leave this page; the import goes on. Nobody is sent a mail by it."
      }
      actions={<a href={`/members/import/${found.id}`}>Refresh</a>}
    >
      <AutoRefresh everySeconds={REFRESH_SECONDS} />
      <div className="grid gap-5">
        <progress className="progress" max={found.lines} value={found.handled} aria-label="Worked off" />
        <p role="status" className="text-sm">
          {found.handled.toLocaleString("en")} of {lines(found.lines)} worked off.
        </p>
        <Counts found={found} would={checking} />
        <CancelForm importId={found.id} />
      </div>
    </Card>
  );
}
