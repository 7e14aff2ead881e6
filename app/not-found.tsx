import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { requestTenant } from "#lib/web/context.ts";

export const metadata = { title: "Not found" };

export default async function NotFound() {
  return (
    <SignedOutLayout firmName={(await requestTenant())?.name ?? "Portal"} bare>
      <DialogCard
        title="There is nothing here"
        tone="info"
        actions={<FormButton action="/">Go to the start</FormButton>}
      >
        <p>The address may be mistyped, or what was here is not for you.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
