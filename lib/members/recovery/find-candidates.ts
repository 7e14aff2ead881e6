import { and, asc, eq, ilike, isNull, or, type SQL, sql } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { seenContacts } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { query } from "#lib/core/query.ts";
import { maySee, shownPerson } from "./shown-person.ts";

const SHOWN = 10;

/** People of the firm, staff and contacts, whose name, username or address holds a text: whose request it could be. */
export const findCandidates = query({
  event: "recovery.searched",
  permission: "recovery:manage",
  async run({ db, ctx }, text: string) {
    const wanted = text.trim().slice(0, 100);
    if (wanted === "") return [];
    const pattern = `%${wanted.replaceAll(/[\\%_]/g, "\\$&")}%`;
    const found = await db
      .select()
      .from(members)
      .where(
        and(
          isNull(members.deletedAt),
          or(eq(members.kind, "staff"), seenContacts(ctx) ?? sql`true`),
          or(ilike(members.name, pattern), byUsername(pattern), byAddress(ctx, pattern)),
        ),
      )
      .orderBy(asc(members.name), asc(members.id))
      .limit(SHOWN);
    return found.map((member) => ({ ...shownPerson(ctx, member), id: member.id, name: member.name }));
  },
});

/** Whoever sees addresses masked must not find them out by trying. */
function byAddress(ctx: Context, pattern: string): SQL | undefined {
  const shown = (["staff", "contact"] as const).filter((kind) => maySee(ctx, kind));
  return or(...shown.map((kind) => and(eq(members.kind, kind), ilike(members.email, pattern))));
}

/** One that is an address is the person's own (DEC10), and is looked for as such. */
function byUsername(pattern: string): SQL | undefined {
  return and(ilike(members.username, pattern), sql`position('@' in ${members.username}) = 0`);
}
