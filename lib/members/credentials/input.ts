import * as z from "zod";
import { ENROLMENT_STATES, type EnrolmentState } from "#lib/policy/enrolment.ts";

/** "Send New User Email" is for staff who have not begun yet, "Resend Login Credentials" for contacts (000-07, 000-09). */
export const BATCH_ACTIONS = ["send_new_user_email", "resend_login_credentials"] as const;

/** Of a form with many tick boxes one may be ticked, or several. */
const Ticked = z
  .union([z.uuid().transform((id) => [id]), z.array(z.uuid()).max(1000)], "Tick at least one person.")
  .default([]);

const ENROLMENTS = Object.keys(ENROLMENT_STATES) as [EnrolmentState, ...EnrolmentState[]];

/** A filter of the list that is not on. */
const NOT_CHOSEN = z.literal("").transform(() => undefined);

export const PrepareBatchInput = z.object({
  send: z.enum(BATCH_ACTIONS, "Choose what to send."),
  memberIds: Ticked,
  /** Everybody who matches the search, not only whose boxes were ticked. */
  everybody: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
  q: z.string().trim().max(254).default(""),
  status: z.enum(["enabled", "disabled"]).optional().or(NOT_CHOSEN),
  group: z.uuid().optional().or(NOT_CHOSEN),
  client: z.uuid().optional().or(NOT_CHOSEN),
  factor: z.enum(ENROLMENTS).optional().or(NOT_CHOSEN),
});

export const BatchInput = z.object({ batchId: z.uuid("There is no such batch.") });

export const ResendInput = z.object({ memberId: z.uuid("This person does not exist.") });
