"use client";

import type { ReactNode } from "react";
import { FieldFrame } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type TextAreaProps = {
  name: string;
  label: string;
  hint?: ReactNode;
  rows?: number;
  required?: boolean;
  maxLength?: number;
  defaultValue?: string;
};

/** Several lines that are pasted rather than written: certificates and descriptions of machines, in their own typeface. */
export function TextArea({ name, label, hint, rows = 8, defaultValue, ...input }: TextAreaProps) {
  const note = input.required ? undefined : "Optional";
  const { control, errors, id, value } = useField(name, hint, note);
  return (
    <FieldFrame id={id} label={label} errors={errors} hint={hint} note={note}>
      <textarea
        {...input}
        {...control}
        rows={rows}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        defaultValue={value ?? defaultValue}
        className="input input-area"
      />
    </FieldFrame>
  );
}
