import { lockManagedMember } from "#lib/auth/session/managed-member.ts";
import { command } from "#lib/core/command.ts";
import { MemberInput } from "#lib/members/input.ts";
import { forgetTrusted } from "./known-devices.ts";

/**
 * Forgets the browsers in which somebody else is not asked for a second factor.
 * @throws DomainError not_found, forbidden
 */
export const forgetMemberBrowsers = command({
  event: "member_browsers.forgotten",
  permission: "sessions:manage",
  input: MemberInput,
  async run({ db, ctx }, { memberId }) {
    const { id } = await lockManagedMember(db, ctx, memberId);
    return { id, forgotten: await forgetTrusted(db, id) };
  },
  audit: ({ id, forgotten }) => [{ event: "member_browsers.forgotten", targetId: id, detail: { forgotten } }],
});
