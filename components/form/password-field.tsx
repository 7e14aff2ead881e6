"use client";

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { FieldFrame } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";
import { unmanagedInput } from "#components/form/unmanaged-input.ts";
import { useScripted } from "#components/form/use-scripted.ts";

type PasswordFieldProps = {
  name: string;
  label: string;
  autoComplete: "current-password" | "new-password";
  hint?: ReactNode;
  /** The id of what else says something about it. */
  describedBy?: string;
  required?: boolean;
  minLength?: number;
  maxLength?: number;
  /** Apple's passwordrules, so that generated passwords pass. */
  rules?: string;
  /** For a password that an administrator types for somebody else. */
  unmanaged?: boolean;
};

/** Fields count in UTF-16 units, of which a character has two at most: one more than 128 of them, so that nothing is cut unseen. */
const MAX_UNITS = 257;

export function PasswordField(props: PasswordFieldProps) {
  const { name, label, hint, describedBy, unmanaged, rules, ...input } = props;
  const { control, errors, id } = useField(name, hint, undefined, describedBy);
  const { ref, shown, toggle } = useShown();
  const [capsLock, setCapsLock] = useState(false);
  const scripted = useScripted();
  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));

  return (
    <FieldFrame id={id} label={label} errors={errors} hint={hint}>
      <div className="input-frame">
        <input
          required
          maxLength={MAX_UNITS}
          {...(unmanaged && unmanagedInput)}
          {...input}
          {...control}
          {...(rules && { passwordrules: rules })}
          ref={ref}
          type={shown ? "text" : "password"}
          autoCapitalize="none"
          spellCheck={false}
          onKeyDown={watchCapsLock}
          onKeyUp={watchCapsLock}
          onBlur={() => setCapsLock(false)}
          className="input input-with-button"
        />
        {scripted && <ShowButton controls={id} shown={shown} onClick={toggle} />}
        <span role="status" className="input-status field-note">
          {capsLock && "Caps Lock is on."}
          {shown && <span className="visually-hidden">Your password is shown.</span>}
        </span>
      </div>
    </FieldFrame>
  );
}

function ShowButton(props: { controls: string; shown: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      className="input-button"
      aria-controls={props.controls}
      aria-pressed={props.shown}
      onClick={props.onClick}
    >
      {props.shown ? "Hide" : "Show"}
      <span className="visually-hidden"> password</span>
    </button>
  );
}

/** A shown password is hidden again before it is sent, so that browsers neither save nor suggest it as plain text. */
function useShown() {
  const ref = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const form = ref.current?.form;
    const hide = () => {
      if (ref.current) ref.current.type = "password";
      setShown(false);
    };
    form?.addEventListener("submit", hide);
    return () => form?.removeEventListener("submit", hide);
  }, []);
  return { ref, shown, toggle: () => setShown((was) => !was) };
}
