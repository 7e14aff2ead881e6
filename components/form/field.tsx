"use client";

import type { ComponentProps, ReactNode } from "react";
import { FieldFrame } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";
import { unmanagedInput } from "#components/form/unmanaged-input.ts";

type FieldProps = Omit<
  ComponentProps<"input">,
  "id" | "className" | "name" | "value" | "onChange" | "style"
> & {
  name: string;
  label: string;
  hint?: ReactNode;
  /** Not a credential of the person at the keyboard: password managers keep away. */
  unmanaged?: boolean;
};

/** One line of text in an ActionForm. What is not `required` says so. */
export function Field({ name, label, hint, defaultValue, unmanaged, ...input }: FieldProps) {
  const note = input.required || input.readOnly ? undefined : "Optional";
  const { control, errors, id, value } = useField(name, hint, note);
  return (
    <FieldFrame id={id} label={label} errors={errors} hint={hint} note={note}>
      <input
        type="text"
        {...(unmanaged && unmanagedInput)}
        {...input}
        {...control}
        defaultValue={value ?? defaultValue}
        className="input"
      />
    </FieldFrame>
  );
}
