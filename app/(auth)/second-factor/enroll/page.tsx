import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { Button } from "#components/ui/button.tsx";
import { pendingContext } from "#lib/web/context.ts";

export const metadata = { title: "Set up a second factor" };

export default async function EnrollSecondFactorPage() {
  const { tenant } = await pendingContext("enroll_second_factor");

  return (
    <SignedOutLayout firmName={tenant.name} title="Set up a second factor">
      <form method="post" action="/sign-out" className="-ms-4.5 mt-4">
        <Button type="submit" tone="plain">
          Sign out instead
        </Button>
      </form>
    </SignedOutLayout>
  );
}
