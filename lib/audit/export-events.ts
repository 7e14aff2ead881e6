import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { BYTE_ORDER_MARK, csvOf } from "#lib/core/csv.ts";
import { query } from "#lib/core/query.ts";
import { timeZoneOf } from "#lib/settings/read-firm-settings.ts";
import { type DescribedEvent, describeEvents } from "./describe-events.ts";
import { findEvents } from "./find-events.ts";
import { type AuditFilters, ExportEventsInput } from "./input.ts";

/** Events that are read and written together, so that the memory that a file takes does not grow with it. */
const AT_ONCE = 1000;

const HEADINGS = [
  ...["Time (UTC)", "Event", "In words", "Outcome", "By", "By (kind)", "By (id)", "About", "About (id)"],
  ...["Reason", "Source", "Request", "Facts"],
];

/**
 * The events that the filters let through, as pieces of one CSV file: each is read when whoever takes it away is ready
 * for it. Who took what away is recorded before the first.
 */
export const exportEvents = command({
  event: "audit_log.exported",
  permission: "audit:read",
  stepUp: "audit_log:export",
  input: ExportEventsInput,
  async run({ ctx }, { filters, byteOrderMark }) {
    return { pieces: piecesOf(ctx, filters, byteOrderMark) };
  },
  audit(_, { filters: { by, about, after: _place, ...filters } }) {
    // Whom was searched for is typed by somebody, and is not for the log.
    const chosen = Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1]));
    const searched = by !== undefined || about !== undefined;
    const detail = { ...Object.fromEntries(chosen), searched };
    return [{ event: "audit_log.exported", targetId: undefined, detail }];
  },
});

async function* piecesOf(ctx: Context, filters: AuditFilters, mark: boolean): AsyncGenerator<string> {
  yield `${mark ? BYTE_ORDER_MARK : ""}${csvOf([HEADINGS])}`;
  let place: string | undefined;
  do {
    const { events, next } = await nextEvents(ctx, { ...filters, after: place });
    yield csvOf(events.map(lineOf));
    place = next;
  } while (place !== undefined);
}

/** Each piece in a transaction of its own: none stays open for as long as a file is taken away. */
export const nextEvents = query({
  event: "audit_log.page_exported",
  permission: "audit:read",
  async run({ db, ctx }, filters: AuditFilters) {
    const timeZone = await timeZoneOf(db, ctx);
    const { rows, next } = await findEvents(db, { ctx, filters, timeZone, limit: AT_ONCE });
    return { events: await describeEvents(db, ctx, rows), next };
  },
});

function lineOf(event: DescribedEvent): string[] {
  const { at, refused, sentence, by, actorKind, actorId, about, targetId, source, requestId } = event;
  return [
    ...[at.toISOString(), event.event, sentence, refused ? "Refused" : "Done"],
    ...[by.words, actorKind, actorId ?? "", about?.words ?? "", targetId ?? ""],
    ...[event.reason ?? "", source, requestId],
    event.facts.map(({ label, value }) => `${label}: ${value}`).join("; "),
  ];
}
