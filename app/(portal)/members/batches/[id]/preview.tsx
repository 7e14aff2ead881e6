import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import type { BatchView } from "#lib/members/credentials/get-batch.ts";
import { cancelBatchAction, confirmBatchAction } from "./actions.ts";
import { people } from "./people.ts";

/** How many will be mailed and how many not, and the two ways on from here. Nothing has been sent yet. */
export function Preview({ batch: { id, kind, tally } }: { batch: BatchView }) {
  return (
    <Card
      title={`${people(tally.waiting)} will be mailed, ${tally.skipped} skipped`}
      description={`Nothing has been sent yet. ${WHAT[kind]}`}
    >
      <div className="grid gap-5">
        {tally.reasons.length > 0 && (
          <ul className="grid gap-1 text-sm">
            {tally.reasons.map(({ words, people: count }) => (
              <li key={words}>
                {count} skipped: {words.charAt(0).toLowerCase() + words.slice(1)}
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap gap-3">
          {tally.waiting > 0 && (
            <ActionForm action={confirmBatchAction} id="confirm" label="Send" className="grid gap-3">
              <Hidden name="batchId" value={id} />
              <Submit>Send to {people(tally.waiting)}</Submit>
            </ActionForm>
          )}
          <ActionForm action={cancelBatchAction} id="cancel" label="Cancel" className="grid gap-3">
            <Hidden name="batchId" value={id} />
            <Submit tone="quiet">Cancel</Submit>
          </ActionForm>
        </div>
      </div>
    </Card>
  );
}

const WHAT = {
  staff: "Each of them gets a way in and chooses a first password.",
  contact: "Whoever has no password chooses a first one, the others a new one.",
};
