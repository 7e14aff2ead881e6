import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { apexHost } from "#lib/tenancy/origin.ts";
import { requireApex } from "#lib/web/context.ts";

export const metadata = { title: "Your firm has its own address" };

/** The portal's own domain. It knows no firm and names none. */
export default async function SitePage() {
  await requireApex();
  return (
    <SignedOutLayout
      firmName="Portal"
      title="Your firm has its own address"
      lead={
        <>
          It looks like <strong>your-firm.{apexHost()}</strong>. You find it in any e-mail that the portal has
          sent you.
        </>
      }
    >
      <p>Sign in there. If you do not know the address, ask your firm for it.</p>
    </SignedOutLayout>
  );
}
