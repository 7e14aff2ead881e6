import * as z from "zod";
import { isRealDay } from "#lib/audit/days.ts";
import { listEvents } from "#lib/audit/list-events.ts";
import { Id, Moment } from "../fields.ts";
import { operation } from "../operation.ts";
import { cut, Paging, pageOf } from "../paging.ts";

const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/, "Write 2026-11-23 or 2026-11-23T09:30.")
  .refine(isRealDay, "This is no day of the calendar.")
  .optional();

const text = (most: number) => z.string().trim().min(1).max(most).optional();

const AuditEvent = z
  .object({
    id: Id,
    at: Moment,
    event: z.string(),
    refused: z.boolean(),
    sentence: z.string(),
    actorKind: z.string(),
    actorId: Id.nullable(),
    actor: z.string(),
    targetId: Id.nullable(),
    target: z.string().nullable(),
    reason: z.string().nullable(),
    facts: z.array(z.object({ label: z.string(), value: z.string() })),
    source: z.string(),
    requestId: z.string(),
  })
  .meta({ id: "AuditEvent", description: "What happened, and who did it. Holds no secret." });

const list = operation({
  method: "GET",
  path: "/audit-events",
  id: "listAuditEvents",
  tag: "Audit events",
  summary: "Read what happened in the firm, the newest first",
  permission: "audit:read",
  query: Paging.extend({
    from: Day.meta({ description: "A day or a minute, on your clock." }),
    to: Day.meta({ description: "A day or a minute, on your clock." }),
    event: z
      .string()
      .regex(/^[a-z_]+(?:\.[a-z_]+){0,2}$/, "This is no name of an event.")
      .max(80)
      .optional()
      .meta({ description: "One event, or a group of them." }),
    by: text(200).meta({ description: "Who did it: an id, or how the name begins." }),
    about: text(200).meta({ description: "About whom: an id, or how the name begins." }),
    outcome: z.enum(["done", "refused"]).optional(),
    source: text(60).meta({ description: "The address that it came from." }),
    request: text(80).meta({ description: "The number of a request." }),
  }),
  answer: pageOf(AuditEvent),
  async run(ctx, { query }) {
    const { events, next } = await listEvents(ctx, query);
    const rows = events.map(({ by, about, reason, ...event }) => ({
      ...event,
      actor: by.words,
      target: about?.words ?? null,
      reason: reason ?? null,
    }));
    return cut({ rows, next }, query.limit);
  },
});

export const auditEventOperations = [list];
