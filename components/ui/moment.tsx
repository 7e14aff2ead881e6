import { partsOfMoment, sayMoment } from "#lib/core/say-moment.ts";

type MomentProps = {
  at: Date;
  /** The zone of whoever reads. */
  timeZone?: string;
  /** Where two that lie close together have to be told apart. */
  seconds?: boolean;
};

/** A point in time as people of a firm read it, with its zone. */
export function Moment({ at, timeZone = "UTC", seconds }: MomentProps) {
  return (
    <time dateTime={at.toISOString()}>
      {sayMoment(at, { dateStyle: "medium", timeStyle: seconds ? "medium" : "short", timeZone })}{" "}
      {zoneName(at, timeZone)}
    </time>
  );
}

/** `UTC`, `GMT+1`: short, and the same for everybody. */
function zoneName(at: Date, timeZone: string): string {
  const parts = partsOfMoment(at, { timeZone, timeZoneName: "short" });
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}
