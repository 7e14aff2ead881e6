import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { describeBreakGlassAlarm } from "#lib/auth/sso/break-glass/describe-alarm.ts";

type Alarm = { alarm: Awaited<ReturnType<typeof describeBreakGlassAlarm>>; timeZone: string };

/** At the head of the log: who may come in past the identity provider, and who has of late (J3). */
export function BreakGlassAlarm({ alarm, timeZone }: Alarm) {
  if (alarm.length === 0) return null;
  return (
    <Notice tone="warning" title="Break-glass">
      <ul className="grid gap-1">
        {alarm.map(({ id, name, usedAt, armedUntil }) => (
          <li key={id}>
            {usedAt && (
              <>
                {name} came in by break-glass, last on <Moment at={usedAt} timeZone={timeZone} />.{" "}
              </>
            )}
            {armedUntil && (
              <>
                {usedAt ? "It" : `Break-glass of ${name}`} is armed until{" "}
                <Moment at={armedUntil} timeZone={timeZone} />.
              </>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
