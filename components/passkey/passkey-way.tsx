import type { ReactNode } from "react";
import { type ButtonTone, buttonClass } from "#components/ui/button-class.ts";

type PasskeyWayProps = {
  /** The path that says what the server wants of a passkey. */
  askAt: string;
  /** Whether passkeys are offered by the browser beside the fields that name "webauthn", without a press. */
  autofill?: boolean;
  tone?: ButtonTone;
  describedBy?: string | undefined;
  children: ReactNode;
};

/**
 * In a form of a signed-out page: asks the browser for a passkey and sends the form with its answer, in the field "passkey".
 * The page's own script shows it where the browser knows passkeys; without one it is not there.
 */
export function PasskeyWay({ askAt, autofill, tone, describedBy, children }: PasskeyWayProps) {
  return (
    <div className="passkey" data-with-passkeys hidden data-passkey={askAt} data-autofill={autofill}>
      <input type="hidden" name="passkey" defaultValue="" />
      <button type="button" aria-describedby={describedBy} className={buttonClass({ tone, wide: true })}>
        {children}
      </button>
      <p role="status" className="field-note" />
    </div>
  );
}
