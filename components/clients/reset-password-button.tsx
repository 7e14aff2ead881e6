"use client";

import { UndoMail, useShownFor } from "#components/clients/undo-mail.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type ResetPasswordButtonProps = {
  /**
   * Answers with the step "sent", or with a message that says why not. A mail that can still be taken back comes with the
   * facts `emailId` and `seconds`; the same action takes it back when it gets the id as `undo`.
   */
  action: (state: FormState, form: FormData) => Promise<FormState>;
  /** What tells the action whom to mail. */
  fields: Record<string, string>;
  contactName: string;
  /** The id of the element that names the contact's row. */
  describedBy?: string;
};

const successShownForMs = 2_000;

/** The orange button at the end of a contact's row. It says "Success" for two seconds once the mail is on its way. */
export function ResetPasswordButton({ action, fields, contactName, describedBy }: ResetPasswordButtonProps) {
  return (
    <ActionForm action={action} summary="none" className="reset-password">
      {(state) => (
        <>
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Face state={state} contactName={contactName} describedBy={describedBy} />
          {state.step === "sent" && <UndoMail key={state.facts?.emailId} facts={state.facts} />}
        </>
      )}
    </ActionForm>
  );
}

type FaceProps = { state: FormState; contactName: string; describedBy?: string };

function Face({ state, contactName, describedBy }: FaceProps) {
  const sent = state.step === "sent";
  const success = useShownFor(successShownForMs, state) && sent;
  return (
    <>
      <Submit tone="warm" size="small" describedBy={describedBy}>
        {success ? "Success" : "Reset Password"}
      </Submit>
      <span role="status" className={statusClass(state)}>
        {success && `The e-mail to ${contactName} is on its way.`}
        {!sent && state.message}
      </span>
    </>
  );
}

function statusClass({ step, message }: FormState) {
  if (step === "undone") return "field-hint";
  return step !== "sent" && message ? "field-error" : "visually-hidden";
}
