"use client";

import { useEffect, useState } from "react";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type ResetPasswordButtonProps = {
  /** Answers with the step "sent", or with a message that says why not. */
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
        </>
      )}
    </ActionForm>
  );
}

type FaceProps = { state: FormState; contactName: string; describedBy?: string };

function Face({ state, contactName, describedBy }: FaceProps) {
  const success = useShownBriefly(state);
  const failure = state.step === "sent" ? undefined : state.message;
  return (
    <>
      <Submit tone="warm" size="small" describedBy={describedBy}>
        {success ? "Success" : "Reset Password"}
      </Submit>
      <span role="status" className={failure ? "field-error" : "visually-hidden"}>
        {failure}
        {success && `The e-mail to ${contactName} is on its way.`}
      </span>
    </>
  );
}

function useShownBriefly(state: FormState) {
  const [shownFor, setShownFor] = useState<FormState>();
  useEffect(() => {
    if (state.step !== "sent") return;
    const timer = setTimeout(() => setShownFor(state), successShownForMs);
    return () => clearTimeout(timer);
  }, [state]);
  return state.step === "sent" && shownFor !== state;
}
