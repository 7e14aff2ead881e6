import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import type { DeadReason } from "#lib/auth/tokens/find-secret.ts";

const NOTICES: Record<DeadReason, { title: string; text: string }> = {
  expired: {
    title: "This link has expired",
    text: "Links work for a limited time. Nothing has been changed. Ask for a new one.",
  },
  used: {
    title: "This link has been used",
    text: "A link works once. If you did not use it, ask for a new one now.",
  },
  superseded: {
    title: "A newer link has been sent",
    text: "Only the newest e-mail works. Look for it, or ask for another one.",
  },
  exhausted: {
    title: "Too many wrong codes",
    text: "This link no longer works, so that nobody can guess its code. Your password has not been changed.",
  },
  unknown: {
    title: "This link does not work",
    text: "It may be incomplete, or no longer yours to use. Copy the whole link from the e-mail, or ask for a new one.",
  },
};

/** Why a mailed link no longer works, and the way to a new one (002-10). */
export function DeadLink({ firmName, state }: { firmName: string; state: DeadReason }) {
  const { title, text } = NOTICES[state];
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard
        title={title}
        tone="warning"
        actions={
          <>
            <FormButton action="/forgot-password" fields={{ again: "" }} tone="warm">
              Reset Password
            </FormButton>
            <FormButton action="/sign-in">Back to sign in</FormButton>
          </>
        }
      >
        <p>{text}</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
