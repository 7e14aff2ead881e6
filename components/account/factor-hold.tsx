import { Button } from "#components/ui/button.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";

type FactorHoldProps = { until: Date; timeZone: string | undefined; stop: () => Promise<void> };

/** Tells on every page that somebody has said the second factors are lost, and stops it by one press (F3). It needs no script. */
export function FactorHold({ until, timeZone, stop }: FactorHoldProps) {
  return (
    <aside aria-label="Lost second factors" className="mb-6">
      <Notice tone="warning" title="A reset of your second factors was asked for">
        <p>
          All of them are taken away on <Moment at={until} timeZone={timeZone} />. If it was not you, stop it
          and change your password: somebody else knows it.
        </p>
        <form action={stop} className="mt-3">
          <Button type="submit" size="small">
            Stop it
          </Button>
        </form>
      </Notice>
    </aside>
  );
}
