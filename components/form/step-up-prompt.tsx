"use client";

import { useContext } from "react";
import { Field } from "#components/form/field.tsx";
import { FormContext } from "#components/form/form-context.ts";
import { PasswordField } from "#components/form/password-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { useScripted } from "#components/form/use-scripted.ts";
import { PasskeyButton } from "#components/passkey/passkey-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { StepUpAsked } from "#lib/web/form-state.ts";

type Wanted = StepUpAsked["wanted"];

/** The button that was pressed, so that confirming presses it again. */
export type Pressed = { name?: string; value?: string };

/** Asks in the middle of a form for the proof that it takes; everything that was typed stays where it is. */
export default function StepUpPrompt({ asked, pressed }: { asked: StepUpAsked; pressed: Pressed }) {
  const { wanted, passkey } = asked;
  if (wanted === "enroll" || wanted === "sign_in") return <StepUpFields wanted={wanted} />;
  return (
    <fieldset className="step-up">
      <legend className="step-up-title">Confirm that it is you</legend>
      <StepUpFields wanted={wanted} passkey={passkey} pressed={pressed} />
      <ConfirmButton pressed={pressed} tone={passkey ? "quiet" : "primary"} />
    </fieldset>
  );
}

type StepUpFieldsProps = { wanted: Wanted; passkey?: string; pressed?: Pressed };

/** What is to be proven, with what proves it; where there is nothing to prove it by, the way to that. */
export function StepUpFields({ wanted, passkey, pressed }: StepUpFieldsProps) {
  const { state } = useContext(FormContext);
  if (wanted === "enroll") {
    return (
      <Notice tone="warning" role="alert">
        This takes a second factor, and you have none yet.{" "}
        <NewTab href="/account/second-factor">Set one up</NewTab>, then send this form again.
      </Notice>
    );
  }
  if (wanted === "sign_in") {
    return (
      <Notice tone="warning" role="alert">
        It has been a while since you signed in. Sign out and in again, then come back.
      </Notice>
    );
  }
  return (
    <>
      <p>{state.message ?? "This is sensitive, and your last proof was some time ago."}</p>
      {passkey && <StepUpPasskey passkey={passkey} pressed={pressed} />}
      {wanted === "password" ? (
        <PasswordField name="stepUpPassword" label="Your password" autoComplete="current-password" />
      ) : (
        <Field
          name="stepUpCode"
          label="Code"
          hint="From your authenticator app, or one of your recovery codes."
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      )}
    </>
  );
}

/** Instead of a code, for whoever has one. */
function StepUpPasskey({ passkey, pressed }: { passkey: string; pressed?: Pressed }) {
  return (
    <PasskeyButton
      ask={async () => JSON.parse(passkey)}
      name="stepUpPasskey"
      tone="primary"
      pressed={pressed}
    >
      Use your passkey
    </PasskeyButton>
  );
}

/** Without scripts nobody knows which of several buttons was pressed: it is pressed again. */
function ConfirmButton({ pressed, tone }: { pressed: Pressed; tone: "primary" | "quiet" }) {
  const scripted = useScripted();
  if (!scripted) return <p className="field-hint">Then press the button below once more.</p>;
  return (
    <Submit {...pressed} tone={tone}>
      Confirm and go on
    </Submit>
  );
}

function NewTab({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children} <span className="visually-hidden">(opens in a new tab)</span>
    </a>
  );
}
