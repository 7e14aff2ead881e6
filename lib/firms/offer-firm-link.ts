import { command } from "#lib/core/command.ts";
import { findMember, type Member } from "#lib/members/find-member.ts";
import { enqueueEmail, takeMailAllowance } from "#lib/outbox/enqueue-email.ts";
import { OfferFirmLinkInput } from "./input.ts";

/**
 * The other firm's half: it promises the mail by which the owner of the address agrees. An address that it does not
 * know takes the same work and a row that is not sent: nobody learns who has an account where.
 */
export const offerFirmLink = command({
  event: "firm_link.offered",
  permission: "system",
  input: OfferFirmLinkInput,
  async run({ db }, { email, askingFirmId, askingFirmName }) {
    const member = await findMember(db, email);
    const obstacle = whyNotLinked(member);
    const mailable = await takeMailAllowance(db, email, obstacle ? "visitor_in_vain" : "visitor");
    const suppressedFor = obstacle ?? (mailable ? undefined : "too_many_mails");
    await enqueueEmail(db, {
      template: "firm-link",
      memberId: member?.id,
      toAddress: member?.emailKey ?? undefined,
      props: { name: askingFirmName },
      subjectId: askingFirmId,
      suppressedFor,
    });
    return { memberId: member?.id, suppressedFor };
  },
  audit: ({ memberId, suppressedFor }) => [
    { event: "firm_link.offered", targetId: memberId, reason: suppressedFor },
  ],
});

/** Who signs in by the firm's identity provider may link it like everybody else: nothing is opened by it. */
function whyNotLinked(member: Member | undefined): string | undefined {
  if (!member) return "unknown_name";
  if (member.status !== "enabled") return "disabled";
  return member.frozenAt === null ? undefined : "frozen";
}
