"use client";

import { FieldFrame } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";
import { RadioGroup } from "#components/form/radio-group.tsx";

type RequirementFieldsProps = {
  name: string;
  legend: string;
  options: { value: string; label: string; hint?: string }[];
  chosen: string;
  /** The field for the day, which belongs to the last of the options. */
  dayName: string;
  day: string;
  timeZone: string;
};

/** Whether something is required, and from which day: the day shows beside the one answer that needs it. */
export function RequirementFields(props: RequirementFieldsProps) {
  const { name, legend, options, chosen, dayName, day, timeZone } = props;
  return (
    <div className="group grid gap-3">
      <RadioGroup name={name} legend={legend} defaultValue={chosen} options={options} />
      <Day name={dayName} day={day} timeZone={timeZone} />
    </div>
  );
}

function Day({ name, day, timeZone }: { name: string; day: string; timeZone: string }) {
  const hint = `From the beginning of this day in the firm's time zone, ${timeZone.replaceAll("_", " ")}.`;
  const { control, errors, id, value } = useField(name, hint);
  return (
    <div className="ms-9 hidden max-w-60 group-has-[[aria-invalid]]:block group-has-[[value=required-from]:checked]:block">
      <FieldFrame id={id} label="First day" errors={errors} hint={hint}>
        <input type="date" {...control} defaultValue={value ?? day} className="input" />
      </FieldFrame>
    </div>
  );
}
