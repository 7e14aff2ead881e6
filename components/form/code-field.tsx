"use client";

import type { ReactNode } from "react";
import { FieldFrame } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type CodeFieldProps = {
  name?: string;
  label?: string;
  hint?: ReactNode;
  digits?: number;
  /** On a signed-out page: sends the form when the last digit is in; never again after an answer, which wants to be read first. */
  autoSubmit?: boolean;
  /** Takes something longer as well: what begins with six digits among letters is not sent yet. */
  orLonger?: boolean;
};

const LONGER = 60;

/** A one-time code in one input, as people paste it: spaces and dashes are fine. */
export function CodeField(props: CodeFieldProps) {
  const { name = "code", label = "Code", hint, digits = 6, autoSubmit, orLonger } = props;
  const { answered, control, errors, id } = useField(name, hint);
  return (
    <FieldFrame id={id} label={label} errors={errors} hint={hint}>
      <input
        {...control}
        type="text"
        required
        inputMode="numeric"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        pattern={orLonger ? undefined : `\\s*([0-9][\\s\\-]*){${digits}}`}
        maxLength={orLonger ? LONGER : digits * 3}
        data-auto-submit={autoSubmit && !answered && errors.length === 0 ? digits : undefined}
        className="input input-code"
      />
    </FieldFrame>
  );
}
