"use client";

import { FieldErrors } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type RadioGroupProps = {
  name: string;
  /** The question; the options are its answers. */
  legend: string;
  options: { value: string; label: string; hint?: string }[];
  defaultValue?: string;
};

/** One of a few choices that are worth a sentence each. */
export function RadioGroup({ name, legend, options, defaultValue }: RadioGroupProps) {
  const { control, errors, id, value: chosen = defaultValue } = useField(name);
  return (
    <fieldset aria-describedby={control["aria-describedby"]} className="radio-group">
      <legend className="field-label">{legend}</legend>
      <FieldErrors id={id} errors={errors} />
      {options.map(({ value, label, hint }, index) => {
        // The first has the group's own id, to which the summary's link leads.
        const optionId = index === 0 ? id : `${id}-${value}`;
        return (
          <div key={value} className="check">
            <input
              type="radio"
              id={optionId}
              name={name}
              value={value}
              defaultChecked={value === chosen}
              aria-describedby={hint ? `${optionId}-hint` : undefined}
              className="check-box"
            />
            <label htmlFor={optionId} className="check-label">
              {label}
            </label>
            {hint && (
              <div id={`${optionId}-hint`} className="field-hint">
                {hint}
              </div>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
