"use client";

import { useId } from "react";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type ResendCredentialsProps = {
  /** Answers with the step "sent", or with a message that says why not. */
  action: (state: FormState, form: FormData) => Promise<FormState>;
  memberId: string;
  /** What it sends, and when it was last sent (D2). */
  help: string;
};

/** The grey button of a person's record. What it sends stands beside it, since that goes by the person's state. */
export function ResendCredentials({ action, memberId, help }: ResendCredentialsProps) {
  const helpId = useId();
  return (
    <ActionForm action={action} summary="none" label="Resend Credentials" className="resend-credentials">
      {(state) => (
        <>
          <input type="hidden" name="memberId" value={memberId} />
          <Submit tone="quiet" describedBy={helpId}>
            Resend Credentials
          </Submit>
          <p id={helpId} className="field-hint">
            {help}
          </p>
          <span role="status" className={state.step === "sent" ? "resend-credentials-done" : "field-error"}>
            {state.message}
          </span>
        </>
      )}
    </ActionForm>
  );
}
