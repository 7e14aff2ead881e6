"use client";

import { type ReactNode, type RefObject, use, useEffect, useRef, useState } from "react";
import { useFormStatus } from "react-dom";
import { FormContext } from "#components/form/form-context.ts";
import { useScripted } from "#components/form/use-scripted.ts";
import { askAuthenticator, type PasskeyWish } from "#components/passkey/ask-authenticator.ts";
import { sentenceFor } from "#components/passkey/passkey-trouble.ts";
import { type ButtonTone, buttonClass } from "#components/ui/button-class.ts";

type PasskeyButtonProps = {
  /** What the server wants, asked for at the press: it is good for five minutes. Undefined where there is nothing to ask. */
  ask: () => Promise<PasskeyWish | undefined>;
  /** The field of the form that carries the answer. */
  name?: string;
  tone?: ButtonTone;
  wide?: boolean;
  describedBy?: string;
  /** What the button that sends the form says, where it has several. */
  pressed?: { name?: string; value?: string };
  children: ReactNode;
};

/** What a form is about, and not a proof that interrupts it. */
const FORMS_OWN = "passkey";

/** In an ActionForm: asks the browser for a passkey and sends the form with its answer. Not there without a script. */
export function PasskeyButton(props: PasskeyButtonProps) {
  const { ask, name = FORMS_OWN, tone, wide, describedBy, pressed, children } = props;
  const { pending } = useFormStatus();
  const { state } = use(FormContext);
  const field = useRef<HTMLInputElement>(null);
  const [asking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const usable = useScripted() && "PublicKeyCredential" in window;

  const isKept = state.stepUp !== undefined && name === FORMS_OWN;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `state` is another one after each answer.
  useEffect(() => {
    // An answer is good once: the next press of another button must not send it again. Unless a proof is asked for first.
    if (field.current && !isKept) field.current.value = "";
  }, [state, isKept]);

  async function press() {
    if (asking || pending) return;
    setTrouble(undefined);
    setAsking(true);
    try {
      await askAndSend(ask, field);
    } catch (error) {
      setTrouble(sentenceFor(error));
    }
    setAsking(false);
  }

  if (!usable) return null;
  const busy = asking || pending;
  return (
    <div className="passkey">
      <input ref={field} type="hidden" name={name} defaultValue="" />
      {pressed && <button type="submit" {...pressed} hidden tabIndex={-1} />}
      <button
        type="button"
        onClick={press}
        aria-disabled={busy || undefined}
        aria-describedby={describedBy}
        className={buttonClass({ tone, wide })}
      >
        {children}
      </button>
      <p role="status" className="field-note">
        {trouble}
      </p>
    </div>
  );
}

type Field = RefObject<HTMLInputElement | null>;

async function askAndSend(ask: PasskeyButtonProps["ask"], { current: field }: Field): Promise<void> {
  const wish = await ask();
  if (!wish || !field) throw new Error("There is nothing to ask for.");
  field.value = await askAuthenticator(wish);
  field.form?.requestSubmit(field.parentElement?.querySelector<HTMLButtonElement>("[type=submit]"));
}
