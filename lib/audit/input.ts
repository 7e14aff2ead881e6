import * as z from "zod";
import { isRealDay } from "./days.ts";

const text = (most: number) => z.string().trim().min(1).max(most).optional().catch(undefined);

/** A day, or a minute of it, on the clocks of whoever reads. */
const Moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/)
  .refine(isRealDay)
  .optional()
  .catch(undefined);

/** From an address bar: what makes no sense there is no wish. */
export const AuditFilters = z
  .object({
    from: Moment,
    to: Moment,
    /** A group of events, or one event. */
    event: z
      .string()
      .regex(/^[a-z_]+(?:\.[a-z_]+){0,2}$/)
      .max(80)
      .optional()
      .catch(undefined),
    /** Who did it, and about whom: an id, or how a name begins. */
    by: text(200),
    about: text(200),
    outcome: z.enum(["done", "refused"]).optional().catch(undefined),
    source: text(60),
    request: text(80),
    /** The last event of the page before. */
    after: z.uuid().optional().catch(undefined),
  })
  .catch({});

export type AuditFilters = z.output<typeof AuditFilters>;

export const ExportEventsInput = z.object({ filters: AuditFilters, byteOrderMark: z.boolean() });
