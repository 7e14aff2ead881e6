import { Button } from "#components/ui/button.tsx";
import { buttonClass } from "#components/ui/button-class.ts";

/** Quiet, and gone for long once somebody says no (UX12). It needs no script. */
export function PasskeyOffer({ decline }: { decline: (form: FormData) => Promise<void> }) {
  return (
    <aside aria-label="Passkeys" className="passkey-offer">
      <p>Sign in faster next time: add a passkey.</p>
      <div className="flex flex-wrap gap-2">
        <a href="/account/passkeys" className={buttonClass({ size: "small" })}>
          See how
        </a>
        <form action={decline}>
          <Button type="submit" tone="plain" size="small">
            No, thanks
          </Button>
        </form>
      </div>
    </aside>
  );
}
