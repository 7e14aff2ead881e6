import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { SuspectFactors } from "#lib/auth/freeze/suspect-factors.ts";
import { unfreezeAccountAction } from "./actions.ts";

type OpenAccountProps = {
  requestId: string;
  memberId: string;
  name: string;
  suspect: SuspectFactors | undefined;
};

/** Takes the freeze from an account, once it is clear who is its owner (B10). */
export function OpenAccount({ requestId, memberId, name, suspect }: OpenAccountProps) {
  return (
    <Card
      title="Open the account again"
      description={`Speak with ${name} first, by a number that your firm had before. Then an e-mail with a new way in goes to the address above; the old password stays ended. If somebody else reads that mailbox, give the account a new address instead: that opens it too.`}
    >
      {suspect && <Suspect suspect={suspect} />}
      <ActionForm action={unfreezeAccountAction} id="open-account" label="Open the account again">
        <Hidden name="requestId" value={requestId} />
        <Hidden name="memberId" value={memberId} />
        <Submit>Open Account</Submit>
      </ActionForm>
    </Card>
  );
}

function Suspect({ suspect: { hasApp, passkeys } }: { suspect: SuspectFactors }) {
  if (!hasApp && passkeys.length === 0) return null;
  return (
    <section className="mb-6 grid gap-2" aria-labelledby="suspect">
      <h3 id="suspect" className="font-semibold">
        Second factors that somebody else may have added
      </h3>
      <p className="text-ink-muted text-sm">
        They are as new as what was reported. Opening the account takes them away; older ones stay.
      </p>
      <ul className="grid list-disc gap-1 ps-5 text-sm">
        {hasApp && <li>Authenticator app</li>}
        {passkeys.map(({ id, name, createdAt }) => (
          <li key={id}>
            Passkey “{name}”, added <Moment at={createdAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}
