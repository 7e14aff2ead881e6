import * as z from "zod";

export const ForgetBrowserInput = z.object({ browserId: z.uuid("This browser does not exist.") });
