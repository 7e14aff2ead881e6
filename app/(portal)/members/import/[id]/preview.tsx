import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import type { ImportView } from "#lib/imports/get-import.ts";
import { lines } from "../words.ts";
import { reopenImportAction, runImportAction } from "./actions.ts";
import { CancelForm } from "./cancel-form.tsx";
import { Counts } from "./counts.tsx";

/** What an import would do, and the ways on from here. Nothing has been changed yet. */
export function Preview({ found }: { found: ImportView }) {
  const { id, added, changed, refused } = found;
  const useful = added + changed;
  return (
    <Card
      title={useful > 0 ? `${lines(useful)} would be imported` : "There is nothing to import"}
      description={`Nothing has been changed yet. ${refused > 0 ? "Refused lines are left out; the others are imported." : ""} Nobody is sent a mail.`}
    >
      <div className="grid gap-5">
        <Counts found={found} would />
        <div className="flex flex-wrap gap-3">
          {useful > 0 && (
            <ActionForm action={runImportAction} id="run" label="Import" className="grid gap-3">
              <Hidden name="importId" value={id} />
              <Submit>Import {lines(useful)}</Submit>
            </ActionForm>
          )}
          <ActionForm
            action={reopenImportAction}
            id="reopen"
            label="Change the columns"
            className="grid gap-3"
          >
            <Hidden name="importId" value={id} />
            <Submit tone="quiet">Change the columns</Submit>
          </ActionForm>
          <CancelForm importId={id} />
        </div>
      </div>
    </Card>
  );
}
