import { and, isNull } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import type { TenantDb } from "#db/tenant.ts";
import { seenContacts } from "#lib/access/seen.ts";
import type { Context } from "#lib/core/context.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { query } from "#lib/core/query.ts";
import type { Member } from "#lib/members/find-member.ts";
import { BY_NAME, matching } from "../page-of-members.ts";
import { maySee, shownPerson } from "./shown-person.ts";

const SHOWN = 10;

/** People of the firm, staff and contacts, one of whose names, or whose username or address, begins so: whose request it could be. */
export const findCandidates = query({
  event: "recovery.searched",
  permission: "recovery:manage",
  async run({ db, ctx }, text: string) {
    const wanted = text.trim().slice(0, 100);
    if (wanted === "") return [];
    await planAnew(db);
    const found = [...(await first(db, ctx, "staff", wanted)), ...(await first(db, ctx, "contact", wanted))];
    return found
      .toSorted((one, other) => one.name.localeCompare(other.name))
      .slice(0, SHOWN)
      .map((member) => ({ ...shownPerson(ctx, member), id: member.id, name: member.name }));
  },
});

/** Of each kind by itself, since their lists stand in an index each. Masked addresses are not found by trying. */
function first(db: TenantDb, ctx: Context, kind: Member["kind"], typed: string): Promise<Member[]> {
  const seen = kind === "contact" ? seenContacts(ctx) : undefined;
  return db
    .select()
    .from(members)
    .where(and(matching({ kind, typed, byAddress: maySee(ctx, kind), seen }), isNull(members.deletedAt)))
    .orderBy(...BY_NAME)
    .limit(SHOWN);
}
