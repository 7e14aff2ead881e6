"use client";

import { useContext } from "react";
import { Field } from "#components/form/field.tsx";
import { FormContext } from "#components/form/form-context.ts";
import { PasswordField } from "#components/form/password-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { useScripted } from "#components/form/use-scripted.ts";
import { Notice } from "#components/ui/notice.tsx";
import { STEP_UP_FIELDS, type StepUpAsked } from "#lib/web/form-state.ts";

/** The button that was pressed, so that confirming presses it again. */
export type Pressed = { name?: string; value?: string };

/** Asks in the middle of a form for the proof that it takes; everything that was typed stays where it is. */
export default function StepUpPrompt({ asked, pressed }: { asked: StepUpAsked; pressed: Pressed }) {
  const { state } = useContext(FormContext);
  if (asked.wanted === "enroll")
    return <LeadElsewhere href="/account/second-factor" text="Set up a second factor" />;
  if (asked.wanted === "sign_in") return <LeadElsewhere href="/account" text="Your account" />;
  return (
    <fieldset className="step-up" data-focus>
      <legend className="step-up-title">Confirm that it is you</legend>
      <p>{state.message}</p>
      {asked.wanted === "password" ? (
        <PasswordField name={STEP_UP_FIELDS.password} label="Your password" autoComplete="current-password" />
      ) : (
        <Field
          name={STEP_UP_FIELDS.code}
          label="Code"
          hint="From your authenticator app, or one of your recovery codes."
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      )}
      <ConfirmButton pressed={pressed} />
    </fieldset>
  );
}

/** Without scripts nobody knows which of several buttons was pressed: it is pressed again. */
function ConfirmButton({ pressed }: { pressed: Pressed }) {
  const scripted = useScripted();
  if (!scripted) return <p className="field-hint">Then press the button below once more.</p>;
  return <Submit {...pressed}>Confirm and go on</Submit>;
}

function LeadElsewhere({ href, text }: { href: string; text: string }) {
  const { state } = useContext(FormContext);
  return (
    <Notice tone="warning" role="alert">
      {state.message}{" "}
      <a href={href} target="_blank" rel="noreferrer">
        {text} (opens in a new tab)
      </a>
    </Notice>
  );
}
