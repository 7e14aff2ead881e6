import { unauthenticated } from "#lib/core/errors.ts";
import { query } from "#lib/core/query.ts";

/** Who the caller is, for programs that ask on somebody's behalf. Throws unauthenticated. */
export const describeSession = query({
  event: "session.read",
  permission: "member",
  async run({ ctx }) {
    const { actor, tenant } = ctx;
    if (!actor) throw unauthenticated("not_signed_in");
    return {
      firm: { slug: tenant.slug, name: tenant.name },
      member: {
        id: actor.memberId,
        kind: actor.kind,
        name: actor.name,
        username: actor.username,
        email: actor.email,
        securityGroup: actor.groupName,
        permissions: [...actor.permissions].sort(),
      },
    };
  },
});
