import * as z from "zod";

const SessionId = z.uuid("This session does not exist.");
const MemberId = z.uuid("This person does not exist.");

export const EndSessionInput = z.object({ sessionId: SessionId });

export const EndSessionsInput = z.object({
  /** All but the one that asks, or that one too. */
  which: z.enum(["others", "all"], "Choose which sessions to end."),
});

export const EndMemberSessionInput = z.object({ memberId: MemberId, sessionId: SessionId });
