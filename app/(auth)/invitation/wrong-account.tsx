import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { Button } from "#components/ui/button.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";

type WrongAccountProps = { firmName: string; signedInAs: string; invitedAddress: string };

/** Says whose account is signed in and for whom the invitation is, which is never attached to the former (D3). */
export function WrongAccount({ firmName, signedInAs, invitedAddress }: WrongAccountProps) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title="This invitation is for another account"
        tone="warning"
        actions={
          <>
            <form method="post" action="/sign-out">
              <Button type="submit" tone="primary">
                Sign out
              </Button>
            </form>
            <FormButton action="/">Stay signed in</FormButton>
          </>
        }
      >
        <p>
          You are signed in as <strong>{signedInAs}</strong>. The invitation is for{" "}
          <strong>{invitedAddress}</strong>.
        </p>
        <p>Nothing has been changed. To use it, sign out and open the link in the e-mail again.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
