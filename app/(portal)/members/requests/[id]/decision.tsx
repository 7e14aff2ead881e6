import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { getRequest } from "#lib/members/recovery/get-request.ts";
import { momentInWords } from "../words.ts";
import { approveAddressAction, declineRequestAction, withdrawProposalAction } from "./actions.ts";
import { SecondOneNeeded } from "./new-address.tsx";

type Found = Awaited<ReturnType<typeof getRequest>>;

/** What can still be said to a request: yes by a second person, no by anybody, never mind by whoever proposed it. */
export function Decision({ found }: { found: Found }) {
  const { request, isProposer, isOwn, others } = found;
  if (request.closedAt) return null;
  return (
    <>
      {request.status === "held" && <Held found={found} />}
      {request.status === "proposed" && !isProposer && <Approval found={found} />}
      {request.status === "proposed" && isProposer && others === 0 && <SecondOneNeeded />}
      {isProposer && <Withdrawal found={found} />}
      {!isOwn && <Refusal found={found} />}
    </>
  );
}

function Held({ found: { request, member } }: { found: Found }) {
  const from = request.heldUntil ? momentInWords(request.heldUntil) : "";
  return (
    <Notice title={`Takes effect on ${from}`}>
      {member?.address
        ? "Until then the old address can stop it, by the link and the digits that it was sent."
        : "There is no old address that could be told."}
    </Notice>
  );
}

function Approval({ found: { request, member, isOwn, proposerName } }: { found: Found }) {
  if (isOwn)
    return <Notice title="This is your own account">Somebody else has to approve its new address.</Notice>;
  return (
    <Card
      title="Approve the new address"
      description={`${proposerName ?? "Somebody"} wants to give ${member?.name ?? "this account"} the address ${request.newEmail}. Ask how they made sure who it is. A day later it takes effect: everybody who is signed in to the account is signed out, and the new address gets the way in.`}
    >
      <ActionForm action={approveAddressAction} id="approve" label="Approve the new address">
        <Hidden name="requestId" value={request.id} />
        <Hidden name="memberId" value={member?.id} />
        <Hidden name="newEmailKey" value={request.newEmailKey ?? ""} />
        <Submit>Approve Address</Submit>
      </ActionForm>
    </Card>
  );
}

function Withdrawal({ found: { request } }: { found: Found }) {
  return (
    <Card
      title="Your proposal"
      description={
        request.status === "proposed"
          ? "Another administrator has to approve it. You can take it back, for instance to correct the address."
          : "You can take it back until it takes effect."
      }
    >
      <ActionForm action={withdrawProposalAction} id="withdraw" label="Take the proposal back">
        <Hidden name="requestId" value={request.id} />
        <Submit tone="quiet">Take Back</Submit>
      </ActionForm>
    </Card>
  );
}

function Refusal({ found: { request } }: { found: Found }) {
  return (
    <Card
      title="Refuse the request"
      description={
        request.origin === "frozen"
          ? "Closes it. The account stays frozen."
          : "Closes it. Nothing is changed, and the person hears nothing by e-mail."
      }
    >
      <ActionForm action={declineRequestAction} id="refuse" label="Refuse the request">
        <Hidden name="requestId" value={request.id} />
        <Field
          name="reason"
          label="Reason"
          hint="For whoever looks at it later."
          required
          unmanaged
          maxLength={200}
          autoComplete="off"
        />
        <Submit tone="danger">Refuse Request</Submit>
      </ActionForm>
    </Card>
  );
}
