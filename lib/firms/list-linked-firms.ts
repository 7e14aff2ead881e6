import { query } from "#lib/core/query.ts";
import { readLinkedFirms } from "./linked-firms.ts";

/** The firms that the caller has linked, with what each still needs. */
export const listLinkedFirms = query({
  event: "linked_firms.listed",
  permission: "member",
  run: ({ db, ctx }) => readLinkedFirms(db, ctx.actor?.memberId ?? ""),
});
