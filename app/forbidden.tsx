import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { requestTenant } from "#lib/web/context.ts";

export const metadata = { title: "Not allowed" };

export default async function Forbidden() {
  return (
    <SignedOutLayout firmName={(await requestTenant())?.name ?? "Portal"} bare>
      <DialogCard
        title="Your security group does not allow this"
        tone="warning"
        actions={<FormButton action="/">Go to the start</FormButton>}
      >
        <p>If you need this page, ask an administrator of your firm.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
