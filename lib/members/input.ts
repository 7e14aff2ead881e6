import * as z from "zod";

export const AcceptInvitationToken = z.object({ token: z.string() });

/** A tick box that is not ticked sends nothing. */
const Tick = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

export const ChangeSecurityInput = z.object({
  memberId: z.uuid("This person does not exist."),
  securityGroupId: z.uuid("Choose a security group."),
  status: z.enum(["enabled", "disabled"], "Choose enabled or disabled."),
  mustChangePassword: Tick,
});
