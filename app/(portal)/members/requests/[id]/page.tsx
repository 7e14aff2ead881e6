import { PageHeader } from "#components/layout/page-header.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { findCandidates } from "#lib/members/recovery/find-candidates.ts";
import { getRequest } from "#lib/members/recovery/get-request.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { momentInWords, STATES } from "../words.ts";
import { Decision } from "./decision.tsx";
import { Facts } from "./facts.tsx";
import { NewAddress } from "./new-address.tsx";
import { OpenAccount } from "./open-account.tsx";

export const metadata = { title: "Request for help" };

type Found = Awaited<ReturnType<typeof getRequest>>;

export default async function RequestPage({ params, searchParams }: PageProps<"/members/requests/[id]">) {
  const ctx = await requireContext();
  const found = await load(getRequest(ctx, (await params).id));
  const { opened, q } = await searchParams;
  const { request, member } = found;
  const text = typeof q === "string" ? q : "";
  const candidates = member ? [] : await load(findCandidates(ctx, text));
  const { tone, label } = STATES[request.status];
  return (
    <>
      <PageHeader
        title={member?.name ?? "Somebody not known yet"}
        description={
          request.origin === "frozen"
            ? "Says that somebody else has been in the account."
            : "Cannot read the mailbox."
        }
        breadcrumbs={[
          { href: "/members", label: "Members" },
          { href: "/members/requests", label: "Requests for help" },
        ]}
        actions={<Badge tone={tone}>{label}</Badge>}
      />
      <div className="grid gap-6">
        <Opened how={opened} />
        <Closed found={found} />
        <Facts found={found} />
        {member?.frozenAt && mayReset(ctx, member) && (
          <OpenAccount
            requestId={request.id}
            memberId={member.id}
            name={member.name}
            suspect={found.suspect}
          />
        )}
        <NewAddress found={found} candidates={candidates} text={text} />
        <Decision found={found} />
      </div>
    </>
  );
}

function mayReset(ctx: MemberContext, { kind }: NonNullable<Found["member"]>): boolean {
  if (kind === "staff" && !hasPermission(ctx, "members:reset")) return false;
  return hasPermission(ctx, "contacts:reset");
}

/** What became of a freeze that was just lifted. Words of ours only: nothing from the address is shown. */
function Opened({ how }: { how: string | string[] | undefined }) {
  const sentence = typeof how === "string" && Object.hasOwn(OPENED, how) ? OPENED[how] : undefined;
  return sentence ? (
    <Notice tone={how === "mailed" ? "success" : "warning"} role="status" title="The account is open again">
      {sentence}
    </Notice>
  ) : null;
}

const OPENED: Record<string, string> = {
  mailed: "An e-mail with the way in is on its way. The old password stays ended.",
  too_many_mails:
    "No e-mail was sent: this address has got five within the hour. Resend credentials in an hour.",
  no_address: "No e-mail was sent: there is no address for this person.",
  disabled: "No e-mail was sent: the account is disabled.",
};

function Closed({ found: { request } }: { found: Found }) {
  if (!request.closedAt) return null;
  const why = WHY[request.closedReason ?? ""] ?? `Reason: ${request.closedReason}`;
  return (
    <Notice title={`${STATES[request.status].label} on ${momentInWords(request.closedAt)}`}>{why}</Notice>
  );
}

const WHY: Record<string, string> = {
  too_many_recovery_requests: "Too many had asked in a short time. Nobody has looked at it.",
  applied: "The account has the new address. An e-mail with the way in went there.",
  unfrozen: "The account was opened again.",
  frozen: "The account was frozen by its owner, which stops every new address.",
  old_address: "It was stopped from the old address. Speak with the person before you try again.",
  address_taken: "Another account has got this address in the meantime.",
  address_changed_since: "The account has got another address in the meantime.",
  old_address_not_told: "The old address could not be told of it. Ask the person to ask again.",
  federated: "The person signs in by SSO by now.",
  proposer_gone: "Who proposed it is no longer here.",
  proposer_disabled: "The account of who proposed it has been disabled.",
  proposer_frozen: "The account of who proposed it was frozen by its owner.",
  proposer_may_not: "Who proposed it may no longer do so, or no longer for this account.",
  approver_gone: "Who approved it is no longer here.",
  approver_disabled: "The account of who approved it has been disabled.",
  approver_frozen: "The account of who approved it was frozen by its owner.",
  approver_may_not: "Who approved it may no longer do so, or no longer for this account.",
};
