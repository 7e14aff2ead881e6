import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { unfreezeAccountAction } from "./actions.ts";

type OpenAccountProps = { requestId: string; memberId: string; name: string };

/** Takes the freeze from an account, once it is clear who is its owner (B10). */
export function OpenAccount({ requestId, memberId, name }: OpenAccountProps) {
  return (
    <Card
      title="Open the account again"
      description={`Speak with ${name} first, by a number that your firm had before. Then an e-mail with a new way in goes to the address above; the old password stays ended. If somebody else reads that mailbox, give the account a new address instead: that opens it too.`}
    >
      <ActionForm action={unfreezeAccountAction} id="open-account" label="Open the account again">
        <Hidden name="requestId" value={requestId} />
        <Hidden name="memberId" value={memberId} />
        <Submit>Open Account</Submit>
      </ActionForm>
    </Card>
  );
}
