import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { Button } from "#components/ui/button.tsx";
import { pendingContext } from "#lib/web/context.ts";

export const metadata = { title: "Prove that it is you" };

export default async function SecondFactorPage() {
  const { tenant } = await pendingContext("second_factor");

  return (
    <SignedOutLayout firmName={tenant.name} title="Prove that it is you">
      <form method="post" action="/sign-out" className="-ms-4.5 mt-4">
        <Button type="submit" tone="plain">
          Sign out instead
        </Button>
      </form>
    </SignedOutLayout>
  );
}
