import * as z from "zod";

export const UnlockInput = z.object({ memberId: z.uuid("This person does not exist.") });
