"use client";

import type { ReactNode } from "react";
import { FieldFrame } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type SelectProps = {
  name: string;
  label: string;
  options: { value: string; label: string; disabled?: boolean }[];
  hint?: ReactNode;
  defaultValue?: string;
  /** The first, empty choice; without it the first option is chosen. */
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
};

export function Select(props: SelectProps) {
  const { name, label, options, hint, defaultValue, placeholder, required, disabled } = props;
  const { control, errors, id, value = defaultValue } = useField(name, hint);
  return (
    <FieldFrame id={id} label={label} errors={errors} hint={hint}>
      <div className="select-frame">
        <select
          // React resets a select to its first default after an action; a new key gives it the last choice.
          key={value}
          {...control}
          defaultValue={value}
          required={required}
          disabled={disabled}
          className="input"
        >
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </FieldFrame>
  );
}
