"use client";

import type { ReactNode } from "react";
import { FieldErrors } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type CheckboxProps = {
  name: string;
  label: string;
  hint?: ReactNode;
  value?: string;
  defaultChecked?: boolean;
  required?: boolean;
  disabled?: boolean;
};

export function Checkbox({ name, label, hint, value = "on", defaultChecked, ...input }: CheckboxProps) {
  const { answered, control, errors, id, value: sent } = useField(name, hint);
  return (
    <div className="check">
      <input
        {...input}
        {...control}
        type="checkbox"
        value={value}
        // An unticked box is not sent: after an answer its absence is what was chosen.
        defaultChecked={answered ? sent === value : defaultChecked}
        className="check-box"
      />
      <label htmlFor={id} className="check-label">
        {label}
      </label>
      {hint && (
        <div id={`${id}-hint`} className="field-hint">
          {hint}
        </div>
      )}
      <FieldErrors id={id} errors={errors} />
    </div>
  );
}
