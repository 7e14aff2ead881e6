"use client";

import { UndoMail } from "#components/clients/undo-mail.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type RowActionProps = {
  /** Answers with "sent", with "saved" where there is nothing left to press, or with a message that says why not. */
  action: (state: FormState, form: FormData) => Promise<FormState>;
  memberId: string;
  children: string;
  /** The id of the element that names the person. */
  describedBy: string;
};

/** The button at the end of a person's row that mends what stands in the way. */
export function RowAction({ action, memberId, children, describedBy }: RowActionProps) {
  return (
    <ActionForm action={action} summary="none" className="reset-password">
      {(state) => (
        <>
          <input type="hidden" name="memberId" value={memberId} />
          {state.step !== "saved" && (
            <Submit tone="quiet" size="small" describedBy={describedBy}>
              {children}
            </Submit>
          )}
          <span role="status" className={state.step ? "field-hint" : "field-error"}>
            {state.message}
          </span>
          {state.step === "sent" && <UndoMail key={state.facts?.emailId} facts={state.facts} />}
        </>
      )}
    </ActionForm>
  );
}
