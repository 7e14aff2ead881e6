import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { AutoRefresh } from "#components/members/auto-refresh.tsx";
import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { BatchView } from "#lib/members/credentials/get-batch.ts";
import { cancelBatchAction } from "./actions.ts";
import { people } from "./people.ts";

const REFRESH_SECONDS = 2;

/** How far a batch has got. It goes on by itself, whoever looks; the page keeps up with it. */
export function Progress({ batch }: { batch: BatchView }) {
  const { id, tally } = batch;
  const open = tally.waiting + tally.queued;
  const settled = tally.people - open;
  return (
    <Card
      title={headline(batch)}
      actions={
        <>
          {open > 0 && <a href={`/members/batches/${id}`}>Refresh</a>}
          {batch.status !== "cancelled" && open > 0 && (
            <ActionForm
              action={cancelBatchAction}
              id="cancel"
              label="Cancel what waits"
              className="grid gap-3"
            >
              <Hidden name="batchId" value={id} />
              <Submit tone="quiet" size="small">
                Cancel what waits
              </Submit>
            </ActionForm>
          )}
        </>
      }
      footer={<a href={`/members/batches/${id}/results.csv`}>Download the results (CSV)</a>}
    >
      <div className="grid gap-5">
        {open > 0 && <AutoRefresh everySeconds={REFRESH_SECONDS} />}
        <progress className="progress" max={tally.people} value={settled} aria-label="Worked off" />
        <p role="status" className="text-sm">
          {settled} of {people(tally.people)} worked off: {summary(batch)}
        </p>
        <Facts
          facts={[
            { label: "Prepared by", value: batch.createdBy ?? "Somebody who is gone" },
            ...(batch.confirmedAt ? [{ label: "Started", value: <Moment at={batch.confirmedAt} /> }] : []),
            ...(batch.finishedAt ? [{ label: "Finished", value: <Moment at={batch.finishedAt} /> }] : []),
          ]}
        />
      </div>
    </Card>
  );
}

function headline({ status, tally }: BatchView): string {
  if (status === "cancelled") return "Cancelled";
  return tally.waiting + tally.queued > 0 ? "Sending" : "Done";
}

/** "47 sent, 3 skipped, 1 failed": only what there is. */
function summary({ tally }: BatchView): string {
  const parts = [
    [tally.sent, "sent"],
    [tally.queued, "on their way"],
    [tally.waiting, "waiting"],
    [tally.failed, "bounced"],
    [tally.suppressed, "taken back"],
    [tally.skipped, "skipped"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return `${said.join(", ")}.`;
}
