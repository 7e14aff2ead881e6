import { and, eq, isNull } from "drizzle-orm";
import { members } from "#db/schema/members.ts";
import { hasPermission } from "#lib/core/access.ts";
import { planAnew } from "#lib/core/plan-anew.ts";
import { query } from "#lib/core/query.ts";
import { SearchText } from "#lib/core/search-text.ts";
import { BY_NAME, matching } from "#lib/members/page-of-members.ts";

const FEW = 10;

/** The first few of the staff whom one may mean by what was typed, to generate an API token for one of them. */
export const findTokenOwners = query({
  event: "api_token_owners.searched",
  permission: "api_tokens:manage",
  async run({ db, ctx }, typed: unknown) {
    const wanted = SearchText.parse(typed);
    if (wanted === "" || !hasPermission(ctx, "members:read")) return [];
    await planAnew(db);
    return db
      .select({ id: members.id, name: members.name, username: members.username })
      .from(members)
      .where(
        and(
          matching({ kind: "staff", typed: wanted, byAddress: true }),
          isNull(members.deletedAt),
          eq(members.status, "enabled"),
        ),
      )
      .orderBy(...BY_NAME)
      .limit(FEW);
  },
});
