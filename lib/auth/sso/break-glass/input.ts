import * as z from "zod";

export const ProposeBreakGlassInput = z.object({ memberId: z.uuid("Choose somebody.") });

export const ArmBreakGlassInput = z.object({
  breakGlassId: z.uuid(),
  /** Which of the member's passkeys it was that the second person has seen. */
  passkeyId: z.uuid("There is no passkey yet that it could be armed for."),
});

export const EndBreakGlassInput = z.object({ breakGlassId: z.uuid() });
