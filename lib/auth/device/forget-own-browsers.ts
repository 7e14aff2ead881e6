import * as z from "zod";
import { command } from "#lib/core/command.ts";
import { forgetTrusted } from "./known-devices.ts";

/** Forgets all of the caller's browsers in which no second factor is asked for. */
export const forgetOwnBrowsers = command({
  event: "browsers.forgotten",
  permission: "person",
  input: z.undefined(),
  async run({ db, ctx }) {
    const memberId = ctx.actor?.memberId ?? "";
    return { memberId, forgotten: await forgetTrusted(db, memberId) };
  },
  audit: ({ memberId, forgotten }) => [
    { event: "browsers.forgotten", targetId: memberId, detail: { forgotten } },
  ],
});
